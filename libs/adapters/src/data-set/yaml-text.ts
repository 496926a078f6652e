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

/** Reads YAML of any form; the plain form that data sets are written in goes by a reader of its own, many times faster. */
export function readYaml(part: YamlPart): YamlNode {
  return readSimpleYaml(part.text) ?? readAnyYaml(part);
}

function readAnyYaml({ file, text, line }: YamlPart): YamlNode {
  const document = parseDocument(text, { schema: 'failsafe', uniqueKeys: true, prettyErrors: true });
  const [error] = document.errors;
  if (error !== undefined) {
    const errorLine = line - 1 + (error.linePos?.[0].line ?? 1);
    const [reason = ''] = error.message.split(' at line ');
    throw badDataSet(`Data set ${file}, line ${errorLine}: expected YAML, found: ${reason}.`, file, error);
  }
  // The failsafe schema makes texts, lists and maps only.
  return (document.toJS({ mapAsMap: true, maxAliasCount: 1000 }) ?? '') as YamlNode;
}
