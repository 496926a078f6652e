import { describe, expect, it } from 'vitest';
import { VERSIONS, answersOf, readAnswers, statementsFor, treesOf } from './answers.ts';
import { HOSTILE_TEXTS } from './hostile-texts.ts';

/** HiveServer2 puts variables into a statement before it is parsed, also between backticks, where nothing can be escaped. */
const isVariable = (text: string): boolean => text.includes('${');

describe.each(VERSIONS)('Hive %s', (version) => {
  it('says what is recorded', async () => {
    expect(await answersOf(version)).toEqual(readAnswers()[version]);
  });

  it('finds the same statement around every hostile text, which stays one name or one literal', async () => {
    const statements = statementsFor(version);
    const trees = await treesOf(version);
    const perText = statements.length / HOSTILE_TEXTS.length;
    const plain = trees.slice(0, perText).map(({ text }) => text.split('\0'));
    expect(HOSTILE_TEXTS[0]).toBe('plain');
    let names = 0;
    trees.forEach((tree, index) => {
      if (!tree.ok) return;
      const [shape, ...leaves] = tree.text.split('\0');
      const [plainShape, ...plainLeaves] = plain[index % perText] ?? [];
      const text = HOSTILE_TEXTS[Math.floor(index / perText)] ?? '';
      expect(shape, statements[index]?.sql).toBe(plainShape);
      plainLeaves.forEach((leaf, place) => {
        if (leaf !== 'plain' || isVariable(text)) return;
        names += 1;
        expect(leaves[place], statements[index]?.sql).toBe(text);
      });
    });
    expect(names).toBeGreaterThan(1000);
  });

  it('replaces a variable in a quoted name, which no quoting can prevent', async () => {
    const text = '${system:user.home}';
    const index = HOSTILE_TEXTS.indexOf(text) * (statementsFor(version).length / HOSTILE_TEXTS.length);
    const tree = (await treesOf(version))[index]?.text.split('\0') ?? [];
    expect(tree).not.toContain(text);
  });
});
