import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { parseLocation, parseNamespace } from '@hiveferry/core';
import { choiceOf } from './choose-copies.ts';
import type { ChoiceOptions } from './choose-copies.ts';
import type { OfflineCluster } from './offline-cluster.ts';

const folder = mkdtempSync(join(tmpdir(), 'hiveferry-choice-'));
afterAll(() => rmSync(folder, { recursive: true }));

const file = (name: string, content: string): string => {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
};
const namespace = parseNamespace('hdfs://left');
const warehouse = parseLocation('hdfs://left/warehouse');
if (namespace === undefined || warehouse === undefined) throw new Error('not a namespace');
const source: OfflineCluster = {
  facts: { name: 'left', hiveMajor: 3, namespace, managedWarehouse: warehouse, externalWarehouse: warehouse },
  entries: async function* () {
    // An empty metastore.
  },
};

describe('which copies are wanted', () => {
  it('is all of them when nothing is said', async () => {
    expect(await choiceOf({}, source)).toBeUndefined();
  });

  it.each<readonly [string, ChoiceOptions]>([
    ['two at once', { since: 'a', 'failed-paths': 'b' }],
    ['a time that is none', { 'modified-after': 'yesterday' }],
    ['a file that is not there', { 'failed-paths': join(folder, 'nothing') }],
    ['one side only', { 'hdfs-snapshots': file('half.yaml', 'source: {}') }],
    ['a name that is none', { 'hdfs-snapshots': file('bad.yaml', 'source: {hdfs://a/t: [a/b]}\ntarget: {}') }],
  ])('is refused: %s', async (_title, options) => {
    await expect(choiceOf(options, source)).rejects.toMatchObject({ code: 'REQUEST_REFUSED' });
  });
});
