/**
 * The floor of planning: reads every table of a data set by the same reader and writes as many bytes as planning wrote, with no
 * rule in between. usage: plan-floor.ts DATA_SET OUTPUT_FILE BYTES
 */
import { openDataSet } from '@hiveferry/adapters/data-set';
import type { DataSetEntry } from '@hiveferry/adapters/data-set';
import { growFile } from '../../apps/cli/src/hms-mirror/growing-file.ts';

const [file = '', output = '', bytesText = ''] = process.argv.slice(2);
const dataSet = openDataSet(file);
const tables = dataSet.databases.reduce((sum, database) => sum + database.tableNames.length, 0);
const bytesPerTable = Math.ceil(Number(bytesText) / tables);
const written = growFile(output, '');
for (const database of dataSet.databases) {
  for (const entry of database.entries()) written.append(echoOf(entry, bytesPerTable));
}
written.close();
dataSet.close();

/** What was read of a table, as often as it takes; all of it is ASCII. */
function echoOf(entry: DataSetEntry, length: number): string {
  if (entry.kind === 'unreadable') throw new Error(`${entry.name}: ${entry.reason}`);
  const { definition = [], partitions = [] } = entry.pair.source ?? {};
  const text = `${definition.join('\n')}\n${partitions.map(({ name, location }) => `${name} ${location ?? ''}\n`).join('')}`;
  return text.repeat(Math.ceil(length / text.length)).slice(0, length);
}
