import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { HmsMirrorConfiguration } from '../configuration-schema.ts';
import type { MirrorSide, SideName } from '../live/mirror-sides.ts';
import type { SideFacts } from '../live/record-data-set.ts';
import { registrationOf, warehousesOf } from './cluster-registration.ts';
import type { Registration } from './cluster-registration.ts';
import { isCopied } from './execute-rule.ts';
import type { MirrorRequests } from './migration-request.ts';

/** What executing takes beside the plan. */
export interface ExecutionBasis extends MirrorRequests {
  readonly kind: 'basis';
  readonly registrations: readonly Registration[];
  /** Where RIGHT puts databases of which nobody says a place. */
  readonly defaultDirectory: string;
  /** What is said before it begins. */
  readonly notices: readonly string[];
}

export interface Impossible {
  readonly kind: 'impossible';
  readonly reasons: readonly string[];
}

interface Given {
  readonly configuration: HmsMirrorConfiguration;
  readonly sides: readonly MirrorSide[];
  readonly facts: Partial<Record<SideName, SideFacts>>;
}

/** Puts together what executing takes: configuration and options, and what both clusters say of themselves. */
export function executionBasisOf({ configuration, sides, facts }: Given): ExecutionBasis | Impossible {
  const namespaces = namespacesOf(configuration, facts);
  const hadoop = hadoopFor(configuration, namespaces);
  const hasAwsKeys = process.env['AWS_ACCESS_KEY_ID'] !== undefined && process.env['AWS_SECRET_ACCESS_KEY'] !== undefined;
  const readings = sides.flatMap((place) => {
    const known = facts[place.side];
    const buckets = storesOf(place.side, configuration, namespaces).filter((namespace) => namespace.startsWith('s3a:'));
    return known === undefined ? [] : [registrationOf({ place, facts: known, buckets, hadoopCommand: hadoop.command, hasAwsKeys })];
  });
  const reasons = [
    ...foreignOf(namespaces).map(
      (each) => `EXECUTE_NOT_AVAILABLE: ${each}: -e works on HDFS and s3a; run the scripts of a dry run by hand`,
    ),
    ...hadoop.reasons,
    ...readings.flatMap((each) => (each.kind === 'impossible' ? [each.reason] : [])),
  ];
  if (reasons.length > 0) return { kind: 'impossible', reasons };
  const registrations = readings.flatMap((each) => (each.kind === 'registration' ? [each.registration] : []));
  const notices = [...hadoop.notices, ...windowNotice(configuration), ...databaseNotice(configuration)];
  return {
    kind: 'basis',
    configuration,
    namespaces,
    proof: hadoop.proof,
    notices,
    registrations,
    defaultDirectory: defaultOf(facts.RIGHT),
  };
}

/** Tables that move within LEFT go to a store of its own. */
function storesOf(
  side: SideName,
  { dataStrategy }: HmsMirrorConfiguration,
  { sources, target }: MirrorRequests['namespaces'],
): readonly string[] {
  if (dataStrategy === 'STORAGE_MIGRATION') return [...new Set([...sources, target])];
  return side === 'LEFT' ? sources : [target];
}

function databaseNotice({ dataStrategy, transfer: { storageMigration } }: HmsMirrorConfiguration): readonly string[] {
  if (dataStrategy !== 'STORAGE_MIGRATION' || storageMigration.skipDatabaseLocationAdjustments) return [];
  return [
    '-e leaves the locations of databases as they are: ALTER DATABASE of the LEFT scripts is for a person to run, when new tables are to go there',
  ];
}

function windowNotice({ dataStrategy, transfer: { storageMigration, distcp } }: HmsMirrorConfiguration): readonly string[] {
  const { window } = distcp;
  if (window === undefined || !isCopied(dataStrategy) || storageMigration.dataMovementStrategy !== 'DISTCP') return [];
  return [`transfer.distcp.window: copies run from ${window.opens} to ${window.closes} of this machine's time; outside of it they wait`];
}

function defaultOf(facts: SideFacts | undefined): string {
  const { externalWarehouse } = warehousesOf(facts?.settings ?? new Map<string, string>());
  return externalWarehouse.includes('://') ? externalWarehouse : `${facts?.settings.get('fs.defaultFS') ?? ''}${externalWarehouse}`;
}

function namespacesOf({ dataStrategy, clusters, transfer }: HmsMirrorConfiguration, facts: Given['facts']): MirrorRequests['namespaces'] {
  const own = namespaceOf(facts.LEFT?.settings.get('fs.defaultFS') ?? '');
  const named = namespaceOf(clusters.LEFT?.hcfsNamespace ?? '');
  const within = dataStrategy === 'STORAGE_MIGRATION' ? own : '';
  const target = namespaceOf(transfer.targetNamespace ?? clusters.RIGHT?.hcfsNamespace ?? within);
  return { sources: [...new Set([named, own])].filter((namespace) => namespace !== ''), target };
}

const foreignOf = ({ sources, target }: MirrorRequests['namespaces']): readonly string[] =>
  [...sources, target].filter((namespace) => !/^(?:hdfs|s3a):/.test(namespace));

const namespaceOf = (location: string): string => /^[a-z0-9]+:\/\/[^/]+/i.exec(location.trim())?.[0] ?? '';

interface HadoopReading {
  readonly command: string;
  readonly proof: 'files' | 'rows';
  readonly reasons: readonly string[];
  readonly notices: readonly string[];
}

/** DistCp and the checksums of HDFS are Hadoop's own: they need its client, as hms-mirror needs its class path. */
function hadoopFor({ transfer }: HmsMirrorConfiguration, { sources, target }: MirrorRequests['namespaces']): HadoopReading {
  const found = findHadoop();
  if (found !== undefined) return { command: found, proof: 'rows', reasons: [], notices: [] };
  const copies = transfer.storageMigration.dataMovementStrategy === 'DISTCP';
  const isOnHdfs = [...sources, target].some((namespace) => namespace.startsWith('hdfs:'));
  return {
    command: 'hadoop',
    proof: isOnHdfs ? 'files' : 'rows',
    reasons: copies
      ? [`EXECUTE_NOT_AVAILABLE: DISTCP (-dc): ${WITHOUT_HADOOP}; install it here, or leave -dc out and copy by other means`]
      : [],
    notices:
      isOnHdfs && !copies ? [`${WITHOUT_HADOOP}: tables are proved by their files (names and sizes), not by checksums and rows`] : [],
  };
}

const WITHOUT_HADOOP = 'there is no Hadoop client (hadoop on the PATH or below HADOOP_HOME)';

function findHadoop(): string | undefined {
  const home = process.env['HADOOP_HOME'];
  const folders = [...(home === undefined ? [] : [join(home, 'bin')]), ...(process.env['PATH'] ?? '').split(delimiter)];
  return folders.map((folder) => join(folder, 'hadoop')).find(isProgram);
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
