import { parse } from 'yaml';
import type { z } from 'zod';
import { HmsMirrorSchema } from './configuration-schema.ts';
import { nearest } from '../../../../libs/contracts/src/nearest.ts';
import { withTodaysKeys } from './older-keys.ts';
import { OPTION_EFFECTS, inOrderOfEffect } from './option-effects.ts';
import type { GivenOption } from './parse-options.ts';
import { keysAt } from './schema-keys.ts';
import { settle } from './settle.ts';
import type { ConfigurationReading } from './settle.ts';
import { isTree, valueAt, withValue, withoutNulls } from './tree.ts';
import type { Tree } from './tree.ts';

/**
 * Makes one configuration of hms-mirror's file and options.
 *
 * @param text the file's content
 * @returns problems: one line each that names the key or option, what was found, what was expected and, for names, the nearest one
 */
export function readConfiguration(text: string, options: readonly GivenOption[]): ConfigurationReading {
  const tree = parseTree(text);
  if (typeof tree === 'string') return { kind: 'invalid', problems: [tree] };
  const edited = withOptions(withTodaysKeys(tree), options);
  if (edited.problems.length > 0) return { kind: 'invalid', problems: edited.problems };
  const result = HmsMirrorSchema.safeParse(edited.tree);
  if (!result.success) {
    return { kind: 'invalid', problems: result.error.issues.flatMap((issue) => problemsOf(issue, edited)) };
  }
  return settle(result.data, options);
}

function parseTree(text: string): Tree | string {
  try {
    const value: unknown = withoutNulls(parse(text) ?? {});
    return isTree(value) ? value : 'the configuration file: expected YAML with keys such as clusters and dataStrategy';
  } catch (cause) {
    const [line = ''] = (cause instanceof Error ? cause.message : String(cause)).split('\n');
    return `the configuration file is not YAML: ${line}`;
  }
}

interface EditedTree {
  readonly tree: Tree;
  /** Option by the key that it set, as written. */
  readonly origins: ReadonlyMap<string, string>;
  readonly problems: readonly string[];
}

function withOptions(tree: Tree, options: readonly GivenOption[]): EditedTree {
  const start: EditedTree = { tree, origins: new Map(), problems: [] };
  return inOrderOfEffect(options).reduce((all, { name, value, written }) => {
    return OPTION_EFFECTS[name](value).reduce<EditedTree>((current, edit) => {
      if ('problem' in edit) return { ...current, problems: [...current.problems, `${written}: ${edit.problem}`] };
      const origins = new Map(current.origins).set(edit.path.join('.'), written);
      return { ...current, tree: withValue(current.tree, edit.path, edit.value), origins };
    }, all);
  }, start);
}

function problemsOf(issue: z.core.$ZodIssue, { tree, origins }: EditedTree): readonly string[] {
  const path = issue.path.map(String);
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownKey([...path, key]));
  const name = path.join('.');
  const origin = origins.get(name);
  const found = JSON.stringify(valueAt(tree, path)) as string | undefined; // undefined has no JSON
  // It may be a secret.
  const shown = issue.code === 'custom' && issue.params?.['isHidden'] === true ? 'a value that is not shown' : (found ?? 'nothing');
  return [`${origin === undefined ? name : `${origin} (${name})`}: expected ${expectedBy(issue)}, found ${shown}`];
}

function expectedBy(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_value') return `one of ${issue.values.map(String).join(', ')}`;
  if (issue.code === 'invalid_type') return EXPECTED_TYPES[issue.expected] ?? issue.expected;
  return issue.message;
}

const EXPECTED_TYPES: Readonly<Record<string, string>> = {
  boolean: 'true or false',
  int: 'a whole number',
  number: 'a whole number',
  string: 'a text',
  object: 'keys with values',
  record: 'keys with values',
  array: 'a list',
};

function unknownKey(path: readonly string[]): string {
  const parent = path.slice(0, -1);
  const known = keysAt(parent);
  const key = path.at(-1) ?? '';
  const near = nearest(key, known);
  const advice = near === undefined ? `expected one of ${known.join(', ')}` : `did you mean ${[...parent, near].join('.')}?`;
  return `${path.join('.')}: no key of that name; ${advice}`;
}
