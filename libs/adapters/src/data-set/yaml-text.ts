import { parseDocument } from 'yaml';
import { readSimpleYaml } from './simple-yaml.ts';
import { badDataSet } from './yaml-node.ts';
import type { YamlNode } from './yaml-node.ts';

/** Part of a file, as text. */
export interface YamlPart {
  readonly file: string;
  readonly text: string;
  /** Line of the file at which the text starts, from 1. */
  readonly line: number;
}

/**
 * Reads YAML of any form; the plain form that data sets are written in goes by a reader of its own, many times faster.
 *
 * @returns undefined when the text refers to an anchor that stands outside of it
 */
export function readYaml(part: YamlPart): YamlNode | undefined {
  return readSimpleYaml(part.text) ?? readAnyYaml(part);
}

function readAnyYaml({ file, text, line }: YamlPart): YamlNode | undefined {
  const document = parseDocument(text, { schema: 'failsafe' });
  const [error] = document.errors;
  if (error !== undefined) {
    const errorLine = line - 1 + (error.linePos?.[0].line ?? 1);
    const [reason = ''] = error.message.split(' at line ');
    throw badDataSet(`Data set ${file}, line ${errorLine}: expected YAML, found: ${reason}.`, file, error);
  }
  try {
    // The failsafe schema makes texts, lists and maps only.
    return (document.toJS({ mapAsMap: true, maxAliasCount: -1 }) ?? '') as YamlNode;
  } catch (cause) {
    // So the library says that an anchor is missing.
    if (cause instanceof ReferenceError) return undefined;
    throw cause;
  }
}
