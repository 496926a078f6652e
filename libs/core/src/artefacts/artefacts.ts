import { listLines } from '../distcp/arguments.ts';
import { sortedBy } from '../model/order.ts';
import { displayName } from '../model/table.ts';
import type { Artefact, ArtefactInput } from './artefact.ts';
import { distcpScript } from './distcp-script.ts';
import { distcpPlans, distcpWorkbook } from './distcp-workbook.ts';
import { hiveqlFile } from './hiveql-files.ts';

/** The files of one database: the four DistCp artefacts and the HiveQL of each side, named as hms-mirror names them. */
export function artefactsOf(given: ArtefactInput): readonly Artefact[] {
  const input = { ...given, tables: sortedBy(given.tables, ({ source }) => displayName(source)) };
  const name = given.database.source.replaceAll(/[^\w.-]/gu, '_');
  return [
    { path: `${name}_LEFT_execute.sql`, content: hiveqlFile(input, 'source') },
    { path: `${name}_RIGHT_execute.sql`, content: hiveqlFile(input, 'target') },
    { path: `${name}_distcp_plans.yaml`, content: distcpPlans(input) },
    { path: `${name}_distcp_script.sh`, content: distcpScript(input) },
    { path: `${name}_distcp_source.txt`, content: sourceList(input) },
    { path: `${name}_distcp_workbook.md`, content: distcpWorkbook(input) },
  ];
}

/** For reference, not for `-f` as it stands: DistCp would mix the contents of all of them into one target. */
function sourceList({ tables }: ArtefactInput): string {
  return tables
    .flatMap(({ copyJobs }) => copyJobs.flatMap((job) => listLines(job)))
    .map((line) => `${line}\n`)
    .join('');
}
