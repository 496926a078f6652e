import { issue } from '../issues.ts';
import type { Issue } from '../model/issue.ts';

/** Functions of a database are listed and not moved: their code is no part of the metastore. */
export function functionIssues(database: string, functions: readonly string[] = []): readonly Issue[] {
  if (functions.length === 0) return [];
  const names = [...functions].sort();
  return [issue('FUNCTIONS_NOT_MOVED', database, { count: names.length, examples: names.slice(0, 20) })];
}
