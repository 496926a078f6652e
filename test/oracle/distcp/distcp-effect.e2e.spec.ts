import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CopyEffect, CopyJob, Location, TreeEntry } from '@hiveferry/core';
import {
  below,
  distcpArguments,
  effectOf,
  filterLines,
  listLines,
  parseDistCpOutput,
  parseLocation,
  parseNamespace,
  pathOf,
} from '@hiveferry/core';
import { createHadoopCommand, createWebHdfsFileStore } from '@hiveferry/adapters/hadoop';
import type { FileStore } from '@hiveferry/ports';
import { readLab } from '../../../lab/src/index.ts';
import { Hdfs } from '../../support/hdfs.ts';
import type { OracleCase } from './cases.ts';
import { ORACLE_CASES } from './cases.ts';
import { describeTree, makeTree, readTree } from './trees.ts';

interface Side {
  readonly hdfs: Hdfs;
  readonly files: FileStore;
  readonly root: Location;
}

const lab = readLab();
const sides = { source: openSide('source'), target: openSide('target') };
const { user } = lab.clusters.target.hdfs;
const hadoop = createHadoopCommand({ command: lab.clusters.target.hadoop.command, user, environment: process.env });
const work = mkdtempSync(join(tmpdir(), 'hiveferry-oracle-'));

describe.concurrent('effectOf says where files land as the real DistCp does', () => {
  beforeAll(clean);
  afterAll(async () => {
    rmSync(work, { recursive: true, force: true });
    await clean();
  });

  it.for(ORACLE_CASES.map((oracle, index) => ({ ...oracle, index })))('$title', async (oracle) => {
    const at = { source: below(sides.source.root, [String(oracle.index)]), target: below(sides.target.root, [String(oracle.index)]) };
    await makeTree(sides.source.hdfs, at.source, oracle.source);
    await makeTree(sides.target.hdfs, at.target, { '': '', ...oracle.target });
    const job = jobOf(oracle, at);
    const before = { source: await readTree(sides.source, at.source), target: await readTree(sides.target, at.target) };
    const effect = effectOf(job, before);

    const { exitCode, log } = await atMostTwo(() => runDistCp(job, String(oracle.index)));

    expect(exitCode, log).toBe(effect.kind === 'refused' ? effect.exitCode : 0);
    // A failed job may have done a part of its work; nothing is said of that.
    if (effect.kind === 'refused') return;
    const after = await readTree(sides.target, at.target);
    expect(describeTree(at.target, after)).toEqual(describeTree(at.target, expectedTree(effect, before)));
    const { filesCopied = 0, filesSkipped = 0 } = parseDistCpOutput(log).counts ?? {};
    expect({ filesCopied, filesSkipped }).toEqual({ filesCopied: countOf(effect, 'copied'), filesSkipped: countOf(effect, 'skipped') });
  });
});

function openSide(name: 'source' | 'target'): Side {
  const { namespace: text, webHdfsUri } = lab.clusters[name].hdfs;
  const namespace = parseNamespace(text);
  const root = parseLocation(`/tmp/oracle-distcp-${name}`, namespace);
  if (namespace === undefined || root === undefined) throw new Error(`not a namespace: ${text}`);
  return { hdfs: new Hdfs({ webHdfsUri }), files: createWebHdfsFileStore({ namespace, webHdfsUri, user: 'hdfs' }), root };
}

async function clean(): Promise<void> {
  await Promise.all(
    [sides.source, sides.target].map(async ({ hdfs, files, root }) => {
      await files.remove(root);
      await hdfs.makeDirectory(pathOf(root), 'hdfs');
      await hdfs.setPermission(pathOf(root), '777');
    }),
  );
}

function jobOf(oracle: OracleCase, at: { readonly source: Location; readonly target: Location }): CopyJob {
  return oracle.job({
    source: (...segments) => below(at.source, segments),
    target: (...segments) => below(at.target, segments),
  });
}

async function runDistCp(job: CopyJob, name: string): Promise<{ readonly exitCode: number; readonly log: string }> {
  const filtersFile = join(work, `${name}.filters`);
  const listFile = join(work, `${name}.list`);
  writeFileSync(filtersFile, `${filterLines(job).join('\n')}\n`);
  writeFileSync(listFile, listLines(job).join('\n'));
  const { blockSizeBytes } = lab.clusters.target.hdfs;
  const argv = distcpArguments(job, { stepId: `oracle-${name}`, attempt: 1, filtersFile, listFile: `file://${listFile}`, blockSizeBytes });
  const { exitCode, stdout, stderr } = await hadoop.run(['distcp', ...argv]);
  return { exitCode, log: `${stdout}\n${stderr}` };
}

function expectedTree(
  effect: CopyEffect,
  before: { readonly source: readonly TreeEntry[]; readonly target: readonly TreeEntry[] },
): readonly TreeEntry[] {
  if (effect.kind === 'refused') return before.target;
  const contents = new Map(before.source.map((entry) => [entry.location, entry]));
  const after = new Map(before.target.map((entry) => [entry.location, entry]));
  for (const location of effect.directoriesMade) after.set(location, { location, kind: 'directory', sizeBytes: 0 });
  for (const { source, target, action } of effect.files) {
    const entry = contents.get(source);
    if (action === 'copied' && entry !== undefined) after.set(target, { ...entry, location: target });
  }
  return [...after.values()];
}

function countOf(effect: CopyEffect, action: 'copied' | 'skipped'): number {
  return effect.kind === 'refused' ? 0 : effect.files.filter((file) => file.action === action).length;
}

/** Each job is a JVM, and the lab's machines share few cores. */
const lanes: [Promise<unknown>, Promise<unknown>] = [Promise.resolve(), Promise.resolve()];
let turn: 0 | 1 = 0;

function atMostTwo<T>(work: () => Promise<T>): Promise<T> {
  turn = turn === 0 ? 1 : 0;
  const mine = lanes[turn].then(work, work);
  lanes[turn] = mine.catch(() => undefined);
  return mine;
}
