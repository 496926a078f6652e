import { beforeAll, describe, expect, it } from 'vitest';
import { VERSIONS, answersOf, readAnswers, statementsFor, treesOf } from './answers.ts';
import { HOSTILE_TEXTS } from './hostile-texts.ts';

/** A tree as its shape and its leaves; undefined when Hive does not parse the statement. */
type Tree = { readonly shape: string; readonly leaves: readonly string[] } | undefined;

/** HiveServer2 puts variables into a statement before it is parsed, also between backticks, where nothing can be escaped. */
const VARIABLE = '${system:user.home}';

describe.each(VERSIONS)('Hive %s', (version) => {
  const statements = statementsFor(version);
  const perText = statements.length / HOSTILE_TEXTS.length;
  let trees: readonly Tree[] = [];

  beforeAll(async () => {
    trees = (await treesOf(version)).map(({ ok, text }) => {
      const [shape = '', ...leaves] = text.split('\0');
      return ok ? { shape, leaves } : undefined;
    });
  });

  /** Each parsed statement beside the one of the same printer around the text `plain`, which comes first. */
  const pairs = () =>
    trees.flatMap((tree, index) => {
      const plain = trees[index % perText];
      const text = HOSTILE_TEXTS[Math.floor(index / perText)];
      return tree === undefined || plain === undefined || text === undefined ? [] : [{ tree, plain, text, sql: statements[index]?.sql }];
    });

  it('says what is recorded', async () => {
    expect(await answersOf(version)).toEqual(readAnswers()[version]);
  });

  it('finds the same statement around every hostile text', () => {
    expect(pairs().length).toBeGreaterThan(0.99 * statements.length);
    for (const { tree, plain, sql } of pairs()) expect(tree.shape, sql).toBe(plain.shape);
  });

  it('reads every name as the one that was printed, case aside', () => {
    const names = pairs().flatMap(({ tree, plain, text }) =>
      text.includes('${') ? [] : plain.leaves.flatMap((leaf, place) => (leaf === 'plain' ? [{ text, read: tree.leaves[place] }] : [])),
    );
    expect(names.length).toBeGreaterThan(1000);
    expect(names.filter(({ text, read }) => read?.toLowerCase() !== text.toLowerCase())).toEqual([]);
  });

  it('replaces a variable in a quoted name, which no quoting can prevent', () => {
    const ofVariable = pairs().filter(({ text }) => text === VARIABLE);
    expect(ofVariable.length).toBe(perText);
    for (const { tree } of ofVariable) expect(tree.leaves).not.toContain(VARIABLE);
  });
});
