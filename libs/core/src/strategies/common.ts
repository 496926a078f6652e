import type { ScriptInput, TableDraft } from '../inventory/script-input.ts';
import type { TableInput } from '../inventory/table-input.ts';
import { issue } from '../issues.ts';
import type { Issue } from '../model/issue.ts';
import { namespaceOf, parseLocation } from '../model/location.ts';
import { movesToNewHive } from '../translate/script-rules.ts';
import { subjectOf } from './native-table.ts';
import { acceptsSharedFiles } from './shared-files.ts';
import { sharedScript } from './shared-script.ts';
import type { DataStrategy } from './strategy.ts';

/** As LINKED, for files on a storage that both clusters use as theirs: locations stay word for word. */
export const common: DataStrategy = {
  name: 'COMMON',
  distcp: { role: 'NONE', used: 'Never', artefacts: 'None' },
  service: {
    files: 'shared',
    needs: ['source.metastore', 'source.hive', 'target.metastore', 'target.hive'],
    accepts: (input) => [...acceptsSharedFiles(input), ...refuseOwnStorage(input)],
  },
  script: commonScript,
};

/** The table moves to the target's metastore and owns the files from then on, unless the configuration forbids that. */
function commonScript(input: ScriptInput): TableDraft {
  const { settings } = input;
  const takeOwnership = !settings.readOnly && !settings.noPurge && !settings.sync;
  const rewrite = { role: 'target' as const, upgrade: movesToNewHive(settings), takeOwnership };
  return sharedScript(input, { rewrite, repairs: 'after-copy' });
}

/** The source's own file system is not common, unless it is the target's as well or the request says so. */
function refuseOwnStorage({ source: { table, partitions }, clusters: { source, target }, settings }: TableInput): readonly Issue[] {
  if (table.tableType === 'VIRTUAL_VIEW' || settings.commonStorage === true || source.namespace === target.namespace) return [];
  const own = [table, ...partitions]
    .flatMap(({ storage }) => parseLocation(storage.location ?? '', source.namespace) ?? [])
    .filter((location) => namespaceOf(location) === source.namespace);
  const [first] = own;
  if (first === undefined) return [];
  return [issue('LOCATION_NOT_COMMON', subjectOf(table), { location: first, namespace: source.namespace, count: own.length })];
}
