import { describe, expect, it } from 'vitest';
import { VERSIONS } from './answers.ts';
import { askHive } from './hive-oracle.ts';
import type { HiveVersion } from './hive-oracle.ts';
import { hostileScripts } from './hostile-scripts.ts';
import type { HostileStatement } from './hostile-scripts.ts';
import { HOSTILE_TEXTS } from './hostile-texts.ts';

/** Hive lets no column with a dot or a colon be created, in quotes or not: no table has one. */
const NO_SUCH_COLUMN = 'can not be used in column name in create table statement';

/** CDP's Hive 3 and Hive 4 know managed directories of databases, Apache Hive 3 does not. */
const isFor = (version: HiveVersion, { sql }: HostileStatement): boolean => version === '4.0.1' || !/\bMANAGEDLOCATION '/.test(sql);

describe.each(VERSIONS)('scripts of all strategies', (version) => {
  it(`are parsed by Hive ${version} as the same statements around every hostile text`, async () => {
    const statements = HOSTILE_TEXTS.flatMap(hostileScripts).filter((statement) => isFor(version, statement));
    const trees = await askHive(
      version,
      statements.map(({ sql }) => ({ ask: 'parse', sql })),
    );
    const parsed = statements.map((statement, index) => ({ ...statement, tree: trees[index] ?? { ok: false, text: 'no answer' } }));
    expect(parsed.filter(({ tree }) => !tree.ok && !tree.text.includes(NO_SUCH_COLUMN))).toEqual([]);
    const ok = parsed.filter(({ tree }) => tree.ok);
    expect(ok.length).toBeGreaterThan(0.95 * statements.length);
    const plainCount = hostileScripts('plain').filter((statement) => isFor(version, statement)).length;
    const plainShapes = new Set(ok.slice(0, plainCount).map(shapeOf));
    expect(ok.filter((statement) => !plainShapes.has(shapeOf(statement))).map(({ sql }) => sql)).toEqual([]);
  });
});

function shapeOf({ variant, table, tree }: HostileStatement & { readonly tree: { readonly text: string } }): string {
  return [variant, table, tree.text.split('\0')[0]].join(' ');
}
