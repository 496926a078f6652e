import { issue } from '../issues.ts';
import type { TablePair } from '../model/data-set.ts';
import type { Issue } from '../model/issue.ts';
import type { Table } from '../model/table.ts';

/** What HiveServer2 takes for a variable: it is replaced in the whole statement, between quotes as well. */
const VARIABLE = /\$\{[^}$ ]+\}/;

/** The first name that Hive would not read as it stands. Literals are safe: their printer breaks variables up. */
export function nameWithVariable(names: readonly string[]): string | undefined {
  return names.find((name) => VARIABLE.test(name));
}

/**
 * What Hive would not read of a table as it stands: a name, or the text of a view.
 *
 * @param databases names of its database on both sides
 */
export function variableIssues(subject: string, { source, target }: TablePair, databases: readonly string[]): readonly Issue[] {
  const tables = [source, target].flatMap((side) => (side === undefined ? [] : [side.table]));
  const constraints = (source?.constraints ?? []).flatMap(({ name = '', expression = '' }) => [name, expression]);
  const name = nameWithVariable([...databases, ...tables.flatMap(namesOf), ...constraints]);
  if (name !== undefined) return [issue('NAME_WITH_VARIABLE', subject, { name })];
  const [variable] = tables.flatMap(({ viewOriginalText = '', viewExpandedText = '' }) => [
    ...(VARIABLE.exec(`${viewOriginalText} ${viewExpandedText}`) ?? []),
  ]);
  return variable === undefined ? [] : [issue('VIEW_TEXT_WITH_VARIABLE', subject, { variable })];
}

function namesOf({ name, owner, storage, partitionKeys }: Table): readonly string[] {
  const columns = [...storage.columns, ...partitionKeys].flatMap((column) => [column.name, column.type]);
  return [name, owner?.name ?? '', ...columns, ...storage.bucketColumns];
}
