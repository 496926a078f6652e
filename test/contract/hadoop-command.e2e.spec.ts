import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CopyJob, Location } from '@hiveferry/core';
import { below, parseLocation, parseNamespace, pathOf } from '@hiveferry/core';
import { createChecksumReader, createDistCp, createHadoopCommand, createWebHdfsFileStore } from '@hiveferry/adapters/hadoop';
import type { DistCpRequest } from '@hiveferry/ports';
import { readLab } from '../../lab/src/index.ts';
import { Hdfs } from '../support/hdfs.ts';

const lab = readLab();
const work = mkdtempSync(join(tmpdir(), 'hiveferry-hadoop-'));
const source = openSide('source');
const target = openSide('target');
const distcp = createDistCp({ hadoop: target.hadoop, files: target.files, workDirectory: work });

/** Three blocks at the source, two at the target. */
const LARGE = new Uint8Array(3_000_000).map((_, index) => (index * 31) % 251);

describe('DistCp and checksums by the Hadoop command', () => {
  beforeAll(async () => {
    await clean();
    await source.hdfs.write(pathOf(below(source.root, ['t', 'a b', 'large'])), LARGE);
    await source.hdfs.write(pathOf(below(source.root, ['t', 'ué日[z]', 'small'])), 'small');
    await source.hdfs.write(pathOf(below(source.root, ['t', 'empty'])), '');
    await source.hdfs.write(pathOf(below(source.root, ['secret', 'f'])), 'secret');
    await source.hdfs.setOwner(pathOf(below(source.root, ['secret', 'f'])), 'hdfs');
    await source.hdfs.setPermission(pathOf(below(source.root, ['secret', 'f'])), '600');
    await source.hdfs.makeDirectory(pathOf(below(source.root, ['nothing'])));
  });
  afterAll(async () => {
    rmSync(work, { recursive: true, force: true });
    await clean();
  });

  it('copies between block sizes, and the checksums agree', async () => {
    const outcome = await distcp.run(request('t'));
    expect(outcome.counters).toMatchObject({ filesCopied: 3, filesFailed: 0, bytesCopied: LARGE.length + 5 });
    const paths = [['a b', 'large'], ['ué日[z]', 'small'], ['empty']];
    const at = (root: Location): readonly Location[] => paths.map((path) => below(root, ['t', ...path]));
    const [left, right] = await Promise.all([
      createChecksumReader({ hadoop: source.hadoop }).checksums(at(source.root)),
      createChecksumReader({ hadoop: target.hadoop }).checksums(at(target.root)),
    ]);
    expect([...left.checksums.values()]).toEqual([...right.checksums.values()]);
    expect([...left.checksums.values()].map(({ algorithm }) => algorithm).slice(0, 2)).toEqual(['COMPOSITE-CRC32C', 'COMPOSITE-CRC32C']);
    expect([...left.failures, ...right.failures]).toEqual([]);
    expect(readFileSync(outcome.logFile, 'utf8')).toContain('DistCp job-id');
  });

  it('skips all in a second round', async () => {
    const { counters } = await distcp.run({ ...request('t'), round: 2 });
    expect(counters).toMatchObject({ filesCopied: 0, filesSkipped: 3 });
  });

  it('makes the target of an empty source', async () => {
    await distcp.run(request('nothing'));
    expect(await target.files.status(below(target.root, ['nothing']))).toMatchObject({ kind: 'directory' });
  });

  it('names a source that is not there', async () => {
    await expect(distcp.run(request('absent'))).rejects.toMatchObject({
      code: 'DISTCP_SOURCE_MISSING',
      retry: 'operator',
      message: expect.stringContaining("/absent doesn't exist"),
    });
  });

  it('names the file that may not be read', async () => {
    await expect(distcp.run(request('secret'))).rejects.toMatchObject({
      code: 'DISTCP_ACCESS_DENIED',
      message: expect.stringContaining('/secret/f'),
    });
    const { failures } = await createChecksumReader({ hadoop: source.hadoop }).checksums([below(source.root, ['secret', 'f'])]);
    expect(failures).toEqual([expect.objectContaining({ reason: expect.stringContaining('Permission denied: user=hive') })]);
  });

  it('tells the version', async () => {
    expect(await target.hadoop.version()).toMatch(/^Hadoop 3\./);
  });
});

function openSide(name: 'source' | 'target') {
  const {
    hdfs: { namespace: text, webHdfsUri, user },
    hadoop,
  } = lab.clusters[name];
  const namespace = parseNamespace(text);
  const root = parseLocation(`/tmp/hadoop-command-${name}`, namespace);
  if (namespace === undefined || root === undefined) throw new Error(`not a namespace: ${text}`);
  return {
    root,
    hdfs: new Hdfs({ webHdfsUri }),
    files: createWebHdfsFileStore({ namespace, webHdfsUri, user }),
    hadoop: createHadoopCommand({ command: hadoop.command, user, environment: process.env }),
  };
}

async function clean(): Promise<void> {
  await Promise.all([source, target].map(async ({ hdfs, root }) => await hdfs.remove(pathOf(root))));
}

function request(name: string): DistCpRequest {
  const job: CopyJob = { id: 'copy-1', kind: 'pair', source: below(source.root, [name]), target: below(target.root, [name]), excluded: [] };
  return {
    stepId: `e2e-${name}`,
    attempt: 1,
    round: 1,
    subject: `db.${name}`,
    job,
    blockSizeBytes: lab.clusters.target.hdfs.blockSizeBytes,
    timeLeft: () => ({ endInMs: Infinity, killInMs: Infinity }),
  };
}
