import type { z } from 'zod';

/** One thing that is wrong with a value, for people. */
export interface SchemaProblem {
  readonly path: readonly PropertyKey[];
  readonly code: string;
  readonly message: string;
}

/** What is wrong with a value, key by key. */
export function schemaProblems(error: z.ZodError): readonly SchemaProblem[] {
  return error.issues.flatMap(issuesMeant).flatMap(problemsIn);
}

/** Of a value with several shapes: what is wrong with the one that was meant, which is the one whose kind of value was sent. */
function issuesMeant(issue: z.core.$ZodIssue): readonly z.core.$ZodIssue[] {
  if (issue.code !== 'invalid_union') return [issue];
  const meant = issue.errors.find(([first]) => first !== undefined && !(first.code === 'invalid_type' && first.path.length === 0));
  return meant?.map((each) => ({ ...each, path: [...issue.path, ...each.path] })) ?? [issue];
}

function problemsIn(issue: z.core.$ZodIssue): readonly SchemaProblem[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({ path: [...issue.path, key], code: issue.code, message: `unknown key "${key}"` }));
  }
  return [{ path: issue.path, code: issue.code, message: messageOf(issue) }];
}

function messageOf(issue: z.core.$ZodIssue): string {
  const isMissing = issue.code === 'invalid_type' && issue.message.endsWith('received undefined');
  return isMissing ? `missing: expected ${issue.expected}` : issue.message;
}

/** As it is written in YAML: `targets[1].cluster`. */
export function schemaProblemsText(error: z.ZodError): string {
  const keyOf = (path: readonly PropertyKey[]): string =>
    path
      .map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`))
      .join('')
      .replace(/^\./, '');
  return schemaProblems(error)
    .map(({ path, message }) => `  ${path.length === 0 ? '' : `${keyOf(path)}: `}${message}`)
    .join('\n');
}
