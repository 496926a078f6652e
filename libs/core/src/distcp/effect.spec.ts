import { describe, expect, it } from 'vitest';
import type { Location } from '../model/location.ts';
import { below, namespaceOf, parseLocation } from '../model/location.ts';
import type { CopyJob } from '../model/plan.ts';
import { checkCopyJob } from './check-copy-job.ts';
import { comparability } from './comparability.ts';
import type { TreeEntry } from './effect.ts';
import { effectOf } from './effect.ts';

const at = (text: string): Location => {
  const location = parseLocation(text);
  if (location === undefined) throw new Error(`not a location: ${text}`);
  return location;
};
const L = at('hdfs://l/w');
const R = at('hdfs://r/w');

/** `a/b` is a file, `a/b/` a directory. */
const tree = (root: Location, ...paths: readonly string[]): readonly TreeEntry[] =>
  paths.map((path) => ({
    location: below(
      root,
      path.split('/').filter((segment) => segment !== ''),
    ),
    kind: path.endsWith('/') ? 'directory' : 'file',
    sizeBytes: path.endsWith('/') ? 0 : 5,
  }));
const pair = (source: string, target: string): CopyJob => ({
  id: 'copy-1',
  kind: 'pair',
  source: below(L, source.split('/')),
  target: below(R, target.split('/')),
  excluded: [],
});
const list = (sources: readonly string[], target = 't'): CopyJob => ({
  id: 'copy-1',
  kind: 'list',
  sources: sources.map((source) => below(L, source.split('/'))),
  target: below(R, [target]),
  excluded: [],
});

/** Lines `path` of what was copied, `(path)` of what was skipped, `path/` of directories made, below the target root. */
function landed(job: CopyJob, source: readonly TreeEntry[], target: readonly TreeEntry[] = []): unknown {
  const effect = effectOf(job, { source, target });
  if (effect.kind === 'refused') return `${effect.code} ${effect.exitCode}`;
  const short = (location: Location): string => location.slice(R.length + 1);
  return [
    ...effect.directoriesMade.map((made) => `${short(made)}/`),
    ...effect.files.map(({ target: to, action }) => (action === 'copied' ? short(to) : `(${short(to)})`)),
  ].sort();
}

describe('effectOf', () => {
  const source = tree(L, 's/a', 's/sub/c', 's/empty/', 's/_SUCCESS');

  it('copies content to content for a pair, whatever the target holds', () => {
    const expected = ['t/a', 't/empty/', 't/sub/', 't/sub/c'];
    expect(landed(pair('s', 't'), source)).toEqual(['t/', ...expected]);
    expect(landed(pair('s', 't'), source, tree(R, 't/'))).toEqual(expected);
    expect(landed(pair('s', 't'), source, tree(R, 't/x'))).toEqual(expected);
  });

  it('makes no target of an empty source', () => {
    expect(landed(pair('s', 't'), tree(L, 's/', 's/_x'))).toEqual([]);
  });

  it('skips equal files and copies others', () => {
    const [a] = tree(R, 't/a');
    if (a === undefined) throw new Error('no tree');
    expect(landed(pair('s/a', 't/a'), tree(L, 's/a'), [a])).toEqual(['(t/a)']);
    expect(landed(pair('s/a', 't/a'), tree(L, 's/a'), [{ ...a, sizeBytes: 6 }])).toEqual(['t/a']);
    expect(
      landed(
        pair('s/a', 't/a'),
        tree(L, 's/a').map((each) => ({ ...each, content: 'x' })),
        [{ ...a, content: 'y' }],
      ),
    ).toEqual(['t/a']);
  });

  it('copies a list to children, but a list of one into an absent target content to content', () => {
    const two = tree(L, 'p=1/f', 'p=2/f');
    expect(landed(list(['p=1', 'p=2']), two)).toEqual(['t/', 't/p=1/', 't/p=1/f', 't/p=2/', 't/p=2/f']);
    expect(landed(list(['p=1']), two)).toEqual(['t/', 't/f']);
    expect(landed(list(['p=1']), two, tree(R, 't/'))).toEqual(['t/p=1/', 't/p=1/f']);
  });

  it('merges a list into an existing child and leaves equal names unread', () => {
    expect(
      landed(
        list(['p=1', 'p=2']),
        tree(L, 'p=1/f', 'p=1/g', 'p=2/'),
        tree(R, 't/p=1/f').map((each) => ({ ...each, sizeBytes: 9 })),
      ),
    ).toEqual(['(t/p=1/f)', 't/p=1/g', 't/p=2/']);
  });

  it('refuses as DistCp does', () => {
    expect(landed(pair('no', 't'), source)).toBe('SOURCE_MISSING 255');
    expect(landed(pair('s', 't'), source, tree(R, 't'))).toBe('TARGET_IS_FILE 255');
    expect(landed(pair('s', 't'), source, tree(R, 't/sub'))).toBe('KINDS_DIFFER 25');
    expect(landed(list(['a/p', 'b/p']), tree(L, 'a/p/f', 'b/p/g'))).toBe('DUPLICATE_FILES 254');
  });
});

describe('checkCopyJob', () => {
  it.each([
    ['COPY_LIST_OF_ONE', list(['p=1'])],
    ['COPY_LIST_NAMES_EQUAL', list(['a/p', 'b/p'])],
    ['COPY_LIST_PATH_UNPRINTABLE', list(['a\nb', 'c'])],
    ['COPY_SOURCES_NESTED', list(['a', 'a/b'])],
    ['COPY_TARGET_INSIDE_SOURCE', { ...pair('s', 't'), target: below(L, ['s', 'x']) }],
  ])('refuses %s', (code, job) => {
    expect(checkCopyJob(job)).toEqual([expect.objectContaining({ code, severity: 'refusal', subject: 'copy-1' })]);
  });

  it('accepts pairs and lists of neighbours', () => {
    expect([...checkCopyJob(pair('s', 't')), ...checkCopyJob(list(['a', 'a-b', 'b']))]).toEqual([]);
  });
});

describe('comparability', () => {
  it.each([
    ['hdfs://l', 'hdfs://r', 'composite-crc'],
    ['hdfs://l', 'webhdfs://r', 'md5md5crc'],
    ['hdfs://l', 's3a://b', 'size-only'],
    ['file://', 'hdfs://r', 're-read'],
  ])('of %s and %s is %s', (source, target, expected) => {
    expect(comparability(namespaceOf(at(`${source}/x`)), namespaceOf(at(`${target}/x`))).comparison).toBe(expected);
  });
});
