/** What lab experiments showed to matter: each is run by the real DistCp and by `effectOf`. */
import type { CopyJob, Location } from '@hiveferry/core';
import type { Tree } from './trees.ts';

export interface OracleCase {
  readonly title: string;
  /** Below the case's folder on the source. */
  readonly source: Tree;
  /** Below the case's folder on the target. */
  readonly target?: Tree;
  readonly job: (at: Places) => CopyJob;
}

export interface Places {
  readonly source: (...segments: readonly string[]) => Location;
  readonly target: (...segments: readonly string[]) => Location;
}

const pair =
  (from: readonly string[], to: readonly string[] = ['t']) =>
  ({ source, target }: Places): CopyJob => ({
    id: 'copy-1',
    kind: 'pair',
    source: source(...from),
    target: target(...to),
    excluded: [],
  });

const list =
  (...names: readonly string[]) =>
  ({ source, target }: Places): CopyJob => ({
    id: 'copy-1',
    kind: 'list',
    sources: names.map((name) => source(...name.split('/'))),
    target: target('t'),
    excluded: [],
  });

const PLAIN: Tree = { 's/a': 'aaaa', 's/b': 'bbbb', 's/sub/c': 'cccc', 's/zero': '', 's/empty/': '', 's/deep/er/empty/': '' };

const ODD_NAMES = [
  'a b',
  'c%20d',
  'ué日',
  'e=f',
  'hash#h',
  'plus+p',
  "quo'te",
  'quo"te',
  'semi;colon',
  'amp&ersand',
  'dollar$HOME',
  'dt=2024-01-01 00%3A00',
  'st*r',
  'stXr',
  'q?m',
  '[z]',
  'z',
  '{x,y}',
  'x',
  'back\\s',
  'end\\E.*quote',
  '(a|b)+',
  '^caret$',
  'comma,comma',
  '~tilde',
  '-dash',
];
const GLOBS = ['st*r', 'q?m', '[z]', '{x,y}', 'back\\s'];
const GLOB_DECOYS = ['stXr', 'qXm', 'z', 'x', 'y', 'backs'];

const filesIn = (names: readonly string[], under = ''): Tree =>
  Object.fromEntries(names.map((name) => [`${under}${name}/f`, `content of ${name}`]));

export const ORACLE_CASES: readonly OracleCase[] = [
  { title: 'a pair into an absent target is content to content, empty directories too', source: PLAIN, job: pair(['s']) },
  { title: 'a pair into an empty target is content to content', source: PLAIN, target: { 't/': '' }, job: pair(['s']) },
  {
    title: 'a pair leaves other files, skips equal ones, copies those of other bytes or size',
    source: PLAIN,
    target: { 't/other': 'o', 't/a': 'aaaa', 't/b': 'XXXX', 't/sub/c': 'longer than before', 't/src/x': 'x' },
    job: pair(['s']),
  },
  { title: 'an empty source makes no target', source: { 's/': '' }, job: pair(['s']) },
  {
    title: 'a source of hidden paths alone makes no target',
    source: { 's/_SUCCESS': '', 's/.hive-staging_1/f': 'x', 's/_tmp/': '' },
    job: pair(['s']),
  },
  {
    title: 'hidden paths stay behind, also where the source itself lies below a hidden name',
    source: {
      '.hid/_s/f': 'f',
      '.hid/_s/_SUCCESS': '',
      '.hid/_s/.hive-staging_x/f': 'x',
      '.hid/_s/_temporary/0/g': 'g',
      '.hid/_s/p=1/_meta': 'm',
      '.hid/_s/p=1/f_1.x': 'kept',
      '.hid/_s/p=__HIVE_DEFAULT_PARTITION__/f': 'default',
    },
    job: pair(['.hid', '_s']),
  },
  { title: 'odd characters in names below the source are taken as they are', source: filesIn(ODD_NAMES, 's/'), job: pair(['s']) },
  {
    title: 'glob characters in a source are literal, in a target too',
    source: {
      ...filesIn(['st*r[z]{x,y}q?m\\s'], 'in/'),
      ...filesIn(['stXrzxqXms', 'stXrzxqXm\\s'], 'in/'),
      'in/st*r[z]{x,y}q?m\\s/_hidden': 'h',
    },
    job: pair(['in', 'st*r[z]{x,y}q?m\\s'], ['o*[z]{x,y}?\\']),
  },
  {
    title: 'hidden paths stay behind below a source whose name ends a Java quote',
    source: { 'q\\E.*+/f': 'f', 'q\\E.*+/_h': 'h', 'q\\E.*+/.d/f': 'f' },
    job: pair(['q\\E.*+'], ['ué日 %20#+;']),
  },
  {
    title: 'excluded directories and files stay behind, their namesakes do not',
    source: {
      's/p=1/f': 'f',
      's/p=1/in/g': 'g',
      's/p=10/f': 'f10',
      's/x/p=1/f': 'other',
      's/p=2/f': 'f2',
      's/p=2/g': 'g2',
      's/p=[1]/f': 'b',
      's/p=./f': 'dot',
    },
    job: (at) => ({
      id: 'copy-1',
      kind: 'pair',
      source: at.source('s'),
      target: at.target('t'),
      excluded: [at.source('s', 'p=1'), at.source('s', 'p=2', 'g'), at.source('s', 'p=.')],
    }),
  },
  {
    title: 'partitions below a hidden name are copied when they are registered',
    source: {
      's/_old/p=1/f': 'f',
      's/_old/p=1/_SUCCESS': '',
      's/_old/p=1/.x/p=3/g': 'g',
      's/_old/p=1/.x/h': 'h',
      's/_old/p=10/f': 'no',
      's/_old/g': 'no',
      's/p=2/f': 'f2',
    },
    job: (at) => ({
      id: 'copy-1',
      kind: 'pair',
      source: at.source('s'),
      target: at.target('t'),
      excluded: [],
      visible: [at.source('s', '_old', 'p=1'), at.source('s', 'p=2'), at.source('s', '_old', 'p=1', '.x', 'p=3')],
    }),
  },
  { title: 'one file into an absent target becomes the target', source: PLAIN, job: pair(['s', 'a'], ['file']) },
  { title: 'one file into a directory keeps its name', source: PLAIN, target: { 't/': '' }, job: pair(['s', 'a']) },
  { title: 'a missing source is refused', source: { 'z/f': 'f' }, job: pair(['s']) },
  { title: 'a missing source is refused although a glob would find another', source: { 'sX/f': 'f' }, job: pair(['s*']) },
  { title: 'a directory onto a file is refused', source: PLAIN, target: { t: 'i am a file' }, job: pair(['s']) },
  { title: 'a directory onto a file further down fails', source: PLAIN, target: { 't/sub': 'i am a file' }, job: pair(['s']) },
  {
    title: 'a list into an absent target makes children of the same names',
    source: { ...filesIn(['p=1', 'p=2', 'p=3/in']), 'p=4/': '', 'p=1/_SUCCESS': '' },
    job: list('p=1', 'p=2', 'p=3', 'p=4'),
  },
  {
    title: 'a list takes glob characters and odd names literally',
    source: filesIn([...ODD_NAMES, ...GLOB_DECOYS]),
    job: list(...GLOBS, 'ué日', 'a b', 'c%20d', 'hash#h'),
  },
  {
    title: 'a list into a target without these children adds them',
    source: filesIn(['p=1', 'p=2']),
    target: { 't/p=3/f': 'f3' },
    job: list('p=1', 'p=2'),
  },
  {
    title: 'a list into an existing child adds new files and skips equal names unread',
    source: { 'p=1/f': 'from the source', 'p=1/new': 'new', 'p=2/f': 'f' },
    target: { 't/p=1/f': 'old', 't/p=1/old': 'old' },
    job: list('p=1', 'p=2'),
  },
  { title: 'a list of one into an absent target is content to content', source: { 'p=1/f': 'f' }, job: list('p=1') },
  { title: 'a list of one into an existing target nests', source: { 'p=1/f': 'f' }, target: { 't/': '' }, job: list('p=1') },
  { title: 'a list of equal names is refused', source: { 'a/p=1/f': 'f', 'b/p=1/g': 'g' }, job: list('a/p=1', 'b/p=1') },
];
