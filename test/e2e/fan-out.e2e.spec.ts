/** One request, two targets, and the HiveServer2 of one is dead: the other is not kept waiting, and `:resume` ends the rest when it is back. */
import { RunTarget, TablePage } from '@hiveferry/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Operation } from '../../scripts/support/api-client.ts';
import { labClusters } from '../../scripts/support/lab-clusters.ts';
import { Hdfs } from '../support/hdfs.ts';
import { openStage } from '../support/stage.ts';
import type { Stage } from '../support/stage.ts';
import { TcpRelay } from '../support/tcp-relay.ts';

const DATABASE = 'fan_out';
const PREFIX = 'second_';
const TABLES = ['items', 'orders'];
const WithTargets = z.looseObject({ targets: z.array(RunTarget) });

describe('a request to two targets', () => {
  let stage: Stage;
  let relay: TcpRelay;
  let operation: Operation;

  const clean = async (): Promise<void> => {
    await stage.target.execute(`drop database if exists ${PREFIX}${DATABASE} cascade`);
    await new Hdfs(stage.lab.clusters.target.hdfs).remove(`/data/${PREFIX}${DATABASE}`);
    await stage.dropDatabases([DATABASE]);
  };
  const targetsIn = async (path: string) =>
    WithTargets.parse(await stage.api.call('GET', path)).targets.map(({ target, state, tables: { byState } }) => [target, state, byState]);
  const tablesOn = async (target: string) =>
    TablePage.parse(await stage.api.call('GET', `/v1/runs/${operation.runId}/tables?target=${target}`)).items;

  beforeAll(async () => {
    stage = await openStage('fan-out', { environment: { FERRY_ATTEMPTS: '2' } });
    await clean();
    await makeTables(stage);
    relay = await TcpRelay.to(stage.lab.clusters.target.hiveServer2.host, stage.lab.clusters.target.hiveServer2.port);
    await stage.api.registerCluster(behindRelay(stage, relay));
    await relay.cut();
    operation = await stage.api.createMigration(requestOf(stage));
    await stage.api.waitFor(operation);
  }, 600_000);

  afterAll(async () => {
    await clean();
    await stage.close();
    await relay.close();
  });

  it('ends VERIFIED where HiveServer2 answers', async () => {
    expect((await tablesOn('target')).map(({ source, state, evidence }) => [source.table, state, evidence?.findings])).toEqual(
      TABLES.map((table) => [table, 'VERIFIED', []]),
    );
  });

  it('says of each table on the other what is dead', async () => {
    const failed = await tablesOn('second');
    expect(failed.map(({ source, state }) => [source.table, state])).toEqual(TABLES.map((table) => [table, 'FAILED']));
    for (const { failure } of failed) expect(failure?.message).toContain(String(relay.port));
  });

  it('shows both in the run and in its operation', async () => {
    const both = [
      ['target', 'SUCCEEDED', { VERIFIED: 2 }],
      ['second', 'INCOMPLETE', { FAILED: 2 }],
    ];
    expect((await stage.api.run(operation.runId)).state).toBe('INCOMPLETE');
    expect(await targetsIn(`/v1/runs/${operation.runId}`)).toEqual(both);
    expect(await targetsIn(`/v1/operations/${operation.id}`)).toEqual(both);
  });

  it('keeps the cluster where it points as long as the run is resumed, and ends VERIFIED on both without repeating what was done', async () => {
    const before = await tablesOn('target');
    await relay.mend();
    const resumed = await stage.api.command(operation.runId, 'resume');
    const elsewhere = { ...behindRelay(stage, relay), metastore: { uri: 'thrift://127.0.0.1:1' } };
    const { name: _name, ...body } = elsewhere;
    const refused = await stage.api.send('PUT', '/v1/clusters/second', body);
    expect([refused.status, JSON.stringify(refused.body)]).toEqual([409, expect.stringContaining(operation.runId)]);
    await stage.api.waitFor(resumed);
    expect((await stage.api.run(operation.runId)).state).toBe('SUCCEEDED');
    expect(await targetsIn(`/v1/runs/${operation.runId}`)).toEqual(
      ['target', 'second'].map((name) => [name, 'SUCCEEDED', { VERIFIED: 2 }]),
    );
    expect(await tablesOn('target')).toEqual(before);
    const rows = await stage.target.query(`select count(*) from ${PREFIX}${DATABASE}.orders`);
    expect(rows).toEqual([['2']]);
  });
});

function behindRelay({ lab }: Stage, relay: TcpRelay) {
  const [, target] = labClusters(lab);
  return {
    ...target,
    name: 'second',
    hiveServer2: { ...lab.clusters.target.hiveServer2, host: '127.0.0.1', port: relay.port, maxSessions: 4 },
  };
}

function requestOf({ lab }: Stage): Readonly<Record<string, unknown>> {
  const [from, to] = [
    `${lab.clusters.source.hdfs.namespace}/data/${DATABASE}`,
    `${lab.clusters.target.hdfs.namespace}/data/${PREFIX}${DATABASE}`,
  ];
  return {
    source: 'source',
    targets: ['target', { cluster: 'second', databasePrefix: PREFIX, locations: { map: [{ from, to }] } }],
    selection: { databases: [DATABASE] },
    proof: 'rows',
    execute: true,
  };
}

async function makeTables({ lab, source }: Stage): Promise<void> {
  const { hdfs: side } = lab.clusters.source;
  await source.execute(`create database ${DATABASE}`);
  for (const name of TABLES) {
    await source.execute(
      `create external table ${DATABASE}.${name} (name string, n int) row format delimited fields terminated by ',' ` +
        `location '${side.namespace}/data/${DATABASE}/${name}'`,
    );
    await new Hdfs(side).write(`/data/${DATABASE}/${name}/a.txt`, 'a,1\nb,2\n');
  }
}
