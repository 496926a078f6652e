import type { MigrationRequest } from '@hiveferry/contracts';
import { AVAILABLE_FLOWS, specOnTarget } from '@hiveferry/contracts';
import { AVAILABLE_STRATEGIES } from '@hiveferry/core';
import type { DataFlow, MigrationError } from '@hiveferry/core';
import type { MigrationSpec } from '@hiveferry/ports';
import { refused } from '../http/refusals.ts';
import { refuseOtherClusters, refuseUnmoved } from './refuse-relocation.ts';

/** What the schema of a request takes and no plan can be made for. Faults: STRATEGY_NOT_AVAILABLE, FLOW_NOT_AVAILABLE, SOURCE_IS_TARGET, SETTING_NOT_USED, and those of moves within a cluster. */
export function refuseWhatCannotBePlanned(request: MigrationRequest, spec: MigrationSpec): void {
  refuseUnavailable(request);
  if (spec.strategy === 'STORAGE_MIGRATION') refuseOtherClusters(spec);
  else refuseSameCluster(spec);
  for (const target of spec.targets) {
    refuseUnmoved(specOnTarget(spec, target));
    refuseUnused(specOnTarget(spec, target));
    refuseUnusedOfRows(specOnTarget(spec, target));
  }
}

function refuseUnavailable({ strategy, distcp, targets }: MigrationRequest): void {
  if (!AVAILABLE_STRATEGIES.some((available) => available === strategy)) {
    throw refused('STRATEGY_NOT_AVAILABLE', `Strategy ${strategy} is not available yet.`, {
      subject: '/strategy',
      advice: `Available: ${AVAILABLE_STRATEGIES.join(', ')}.`,
    });
  }
  refuseFlow(distcp.flow, '/distcp/flow');
  targets.forEach((target, index) => {
    if (typeof target !== 'string' && target.distcp !== undefined) refuseFlow(target.distcp.flow, `/targets/${index}/distcp/flow`);
  });
}

function refuseFlow(flow: DataFlow, subject: string): void {
  if (!AVAILABLE_FLOWS.some((available) => available === flow)) {
    throw refused('FLOW_NOT_AVAILABLE', `Flow ${flow} is not available yet.`, {
      subject,
      advice: `Available: ${AVAILABLE_FLOWS.join(', ')}: the target or the source runs DistCp, and reaches the other cluster directly.`,
    });
  }
}

/** A setting that the strategy would pass over in silence is refused: whoever sent it expects something of it. */
function refuseUnused({ strategy, locations, commonStorage, copy, onExisting, vanished }: MigrationSpec): void {
  const sharesFiles = strategy === 'LINKED' || strategy === 'COMMON';
  if (sharesFiles && locations.map.length > 0) throw unused(strategy, '/locations/map', 'its tables keep the locations of the source');
  if (vanished !== undefined && !(onExisting === 'sync' && SYNCS.includes(strategy)))
    throw unused(strategy, '/vanished/drop', `it goes with onExisting: sync, and with ${SYNCS.join(', ')}`);
  if (strategy === 'CONVERT_LINKED' && onExisting === 'sync')
    throw unused(strategy, '/onExisting', 'it turns links that stand; LINKED with onExisting: sync makes them like the source first');
  if (strategy !== 'SCHEMA_ONLY' && strategy !== 'CONVERT_LINKED' && copy !== undefined)
    throw unused(strategy, '/copy/by', 'it copies no files');
  if (strategy !== 'COMMON' && commonStorage === true) throw unused(strategy, '/commonStorage', 'only COMMON asks whose storage it is');
}

/** Of strategies by which Hive moves the rows. */
function refuseUnusedOfRows({ strategy, transactionalTables, hybrid, exports }: MigrationSpec): void {
  const movesRows = strategy === 'SQL' || strategy === 'EXPORT_IMPORT' || strategy === 'HYBRID';
  if (!movesRows && transactionalTables !== undefined) throw unused(strategy, '/transactionalTables', 'it moves no such tables');
  const mayExport = strategy === 'EXPORT_IMPORT' || strategy === 'HYBRID';
  if (!mayExport && exports !== undefined) throw unused(strategy, '/exports/at', 'it exports nothing');
  if (strategy !== 'HYBRID' && hybrid !== undefined) throw unused(strategy, '/hybrid', 'only HYBRID chooses between two ways');
}

const SYNCS: readonly string[] = ['SCHEMA_ONLY', 'LINKED', 'COMMON'];

function unused(strategy: string, subject: string, why: string): MigrationError {
  return refused('SETTING_NOT_USED', `Strategy ${strategy} has no use for ${subject}: ${why}.`, { subject, advice: 'Leave it out.' });
}

function refuseSameCluster({ source, targets }: MigrationSpec): void {
  if (!targets.includes(source)) return;
  throw refused('SOURCE_IS_TARGET', `Cluster ${source} is source and target.`, {
    subject: '/targets',
    advice:
      'Name another cluster as target. Within one cluster STORAGE_MIGRATION moves tables to another place; the downgrade of transactional tables in place is not executed: ferry hms-mirror writes its statements.',
  });
}
