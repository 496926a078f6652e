import type { HmsMirrorConfiguration } from './configuration-schema.ts';

/** One line for each regular expression of the filters that cannot be read. */
export function wrongPatterns({ filter }: HmsMirrorConfiguration): readonly string[] {
  const patterns = [
    { key: 'filter.dbRegEx (-dbRegEx)', text: filter.dbRegEx },
    { key: 'filter.tblRegEx (-tf)', text: filter.tblRegEx },
    { key: 'filter.tblExcludeRegEx (-tef)', text: filter.tblExcludeRegEx },
    ...filter.dbPropertySkipList.map((text) => ({ key: 'filter.dbPropertySkipList (-dbsp)', text })),
  ];
  return patterns.flatMap(({ key, text }) => {
    const reason = text === undefined ? undefined : reasonAgainst(text);
    return reason === undefined ? [] : [`${key}: ${text}: expected a regular expression, ${reason}`];
  });
}

function reasonAgainst(pattern: string): string | undefined {
  if (/^\(\?[a-z]+\)/.test(pattern)) return 'without flags at its start: Hive keeps names in lower case, so write them so';
  try {
    new RegExp(pattern);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
