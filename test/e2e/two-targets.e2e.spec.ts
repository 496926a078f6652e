/** One request, two targets: Hive 3.1.3 on HDFS goes to HDFS and to a bucket, by five processes with Kafka between them. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Run, TableDetail, TablePage } from '@hiveferry/contracts';
import { below } from '@hiveferry/core';
import type { Operation } from '../../scripts/support/api-client.ts';
import { Hdfs } from '../support/hdfs.ts';
import { LabBucket } from '../support/lab-bucket.ts';
import { lakeCluster, lakeKeys, locationIn, mapToLake } from '../support/lake.ts';
import { startServices } from '../support/services.ts';
import type { ProcessSpec, Services } from '../support/services.ts';
import { dropDatabase, sqlOf } from '../support/stage.ts';
import type { Sql } from '../support/stage.ts';
import { TcpRelay } from '../support/tcp-relay.ts';

const DATABASE = 'two_targets';
const PREFIX = 'lake_';
/** Of the second request's databases. */
const AGAIN = { target: 'again_', lake: 'pushed_' };
const TABLES = ['columnar', 'days', 'flat'];
const DAYS = ['2024-01-01', 'x=y/z'];

describe('a migration to HDFS and to a bucket at once', () => {
  const bucket = new LabBucket();
  const root = locationIn(bucket, 'two-targets');
  // Few tries: a target that is dead is given up on soon.
  const environment = { ...lakeKeys(bucket), FERRY_ATTEMPTS: '2' };
  const processes: readonly ProcessSpec[] = [
    { name: 'api', environment },
    { name: 'planner', environment: { FERRY_ATTEMPTS: '2' } },
    ...['source', 'target', 'lake'].map((cluster): ProcessSpec => ({
      name: 'executor',
      environment: { ...environment, FERRY_CLUSTER: cluster },
    })),
  ];
  let services: Services;
  let sides: readonly (Sql & { close(): Promise<void> })[];
  let operation: Operation;
  /** Before the HiveServer2 of `lake`. */
  let door: TcpRelay;

  const clean = async (): Promise<void> => {
    await dropDatabase(services.lab, sides, DATABASE);
    for (const prefix of [PREFIX, ...Object.values(AGAIN)]) await sides[1]?.execute(`drop database if exists ${prefix}${DATABASE} cascade`);
    await new Hdfs(services.lab.clusters.target.hdfs).remove(`/data/${AGAIN.target}${DATABASE}`);
    await bucket.store().files.remove(root);
  };
  const tablesOn = async (target: string, { runId }: Operation = operation) =>
    TablePage.parse(await services.api.call('GET', `/v1/runs/${runId}/tables?target=${target}`)).items;

  beforeAll(async () => {
    services = await startServices(processes);
    sides = [await sqlOf(services.lab, 'source'), await sqlOf(services.lab, 'target')];
    await clean();
    await makeTables(services, sides[0]);
    const { host, port } = services.lab.clusters.target.hiveServer2;
    door = await TcpRelay.to(host, port);
    const lake = lakeCluster(services.lab, bucket, root);
    await services.api.registerCluster({
      ...lake,
      hiveServer2: { ...services.lab.clusters.target.hiveServer2, host: '127.0.0.1', port: door.port },
    });
    const locations = mapToLake(services.lab, DATABASE, below(root, ['data']));
    operation = await services.api.createMigration({
      source: 'source',
      targets: ['target', { cluster: 'lake', databasePrefix: PREFIX, locations }],
      selection: { databases: [DATABASE] },
      strategy: 'SCHEMA_ONLY',
      proof: 'rows',
      execute: true,
    });
    await services.api.waitFor(operation);
  }, 600_000);

  afterAll(async () => {
    await clean();
    await Promise.all(sides.map((side) => side.close()));
    await services.close();
    await door.close();
  });

  it.each(['target', 'lake'])('is VERIFIED to the rows on %s', async (target) => {
    const outcomes = (await tablesOn(target)).map(({ source, state, evidence, failure }) => [
      source.table,
      state,
      failure?.message ?? evidence?.level,
      evidence?.findings,
    ]);
    expect(outcomes).toEqual(TABLES.map((table) => [table, 'VERIFIED', 'rows', []]));
  });

  it('compares checksums of HDFS with checksums of HDFS, and with what was read back from the bucket', async () => {
    const readBack = async (target: string) =>
      (await tablesOn(target)).map(({ evidence }) => [evidence?.checksumAlgorithm, evidence?.reRead?.bytes]);
    const bytes = (await tablesOn('target')).map(({ evidence }) => evidence?.counts.bytes);
    expect(await readBack('target')).toEqual(TABLES.map(() => ['COMPOSITE-CRC32C', undefined]));
    expect(await readBack('lake')).toEqual(bytes.map((each) => ['COMPOSITE-CRC32C', each]));
  });

  it.each([
    ['target', 'hdfs:', '-Ddfs.checksum.combine.mode=COMPOSITE_CRC', '-direct'],
    ['lake', 's3a:', '-direct', '-Ddfs.checksum.combine.mode=COMPOSITE_CRC'],
  ])('is copied by the executor of %s to %s', async (target, scheme, said, unsaid) => {
    const path = `/v1/runs/${operation.runId}/tables/${DATABASE}/flat?target=${target}`;
    const { steps } = TableDetail.parse(await services.api.call('GET', path));
    const copy = steps.find(({ key }) => key === 'copy-1');
    const argv = copy?.result?.['argv'] as readonly string[];
    expect(copy?.cluster).toBe(target);
    expect(argv.at(-1)).toMatch(new RegExp(`^${scheme}`));
    expect([argv.includes(said), argv.includes(unsaid)]).toEqual([true, false]);
  });

  it('answers the same on both', async () => {
    const rowsOf = async (database: string) => await sides[1]?.query(`select name, d from ${database}.days order by name`);
    const rows = await rowsOf(DATABASE);
    expect(rows).toEqual(DAYS.map((day, index) => [`n${String(index)}`, day]));
    expect(await rowsOf(`${PREFIX}${DATABASE}`)).toEqual(rows);
  });

  describe('pulled to one and pushed to the other, whose HiveServer2 is dead', () => {
    let dead: Operation;
    const statesOn = async (target: string) => (await tablesOn(target, dead)).map(({ source, state }) => [source.table, state]);
    const all = (state: string) => TABLES.map((table) => [table, state]);

    beforeAll(async () => {
      await door.cut();
      const pushed = { flow: 'PUSH' };
      const locations = mapToLake(services.lab, DATABASE, below(root, ['pushed']));
      dead = await services.api.createMigration({
        source: 'source',
        targets: [
          { cluster: 'target', databasePrefix: AGAIN.target, locations: againOnHdfs(services) },
          { cluster: 'lake', databasePrefix: AGAIN.lake, locations, distcp: pushed },
        ],
        selection: { databases: [DATABASE] },
        strategy: 'SCHEMA_ONLY',
        proof: 'rows',
        execute: true,
      });
      await services.api.waitFor(dead);
    }, 300_000);

    it('ends VERIFIED where it can, and says of each target how it ended', async () => {
      expect(await statesOn('target')).toEqual(all('VERIFIED'));
      // The step of the database tells, by its name at the source as everywhere; its tables name it.
      for (const { failure } of await tablesOn('lake', dead))
        expect(failure?.message).toMatch(/^database two_targets failed, .*HIVE_UNREACHABLE/);
      const { state, targets } = Run.parse(await services.api.call('GET', `/v1/runs/${dead.runId}`));
      expect([state, targets.map((each) => [each.target, each.state, each.tables.byState])]).toEqual([
        'INCOMPLETE',
        [
          ['target', 'SUCCEEDED', { VERIFIED: TABLES.length }],
          ['lake', 'INCOMPLETE', { FAILED: TABLES.length }],
        ],
      ]);
    });

    it('ends VERIFIED on both once it is back and the run is resumed, and copies nothing twice', async () => {
      const copies = async () =>
        await services.rows<{ target: string; copies: number }>(
          `select s.target, count(*)::int as copies from step s join step_attempt a on a.step_id = s.id
           where s.run_id = '${dead.runId}' and s.kind = 'copy' group by 1 order by 1`,
        );
      const before = await copies();
      await door.mend();
      await services.api.waitFor(await services.api.command(dead.runId, 'resume'));
      expect([await statesOn('target'), await statesOn('lake')]).toEqual([all('VERIFIED'), all('VERIFIED')]);
      expect((await services.api.run(dead.runId)).state).toBe('SUCCEEDED');
      expect([before, await copies()]).toEqual([
        [{ target: 'target', copies: TABLES.length }],
        [
          { target: 'lake', copies: TABLES.length },
          { target: 'target', copies: TABLES.length },
        ],
      ]);
    });

    it('was pushed by the executor of the source', async () => {
      const path = `/v1/runs/${dead.runId}/tables/${DATABASE}/flat?target=lake`;
      const { steps } = TableDetail.parse(await services.api.call('GET', path));
      expect(steps.find(({ key }) => key === 'copy-1')?.cluster).toBe('source');
    });
  });
});

/** The tables of the first request stand where those of the second would go by themselves. */
function againOnHdfs({ lab: { clusters } }: Services): object {
  const [from, to] = [clusters.source, clusters.target].map(({ hdfs }) => hdfs.namespace);
  return { map: [{ from: `${from}/data/${DATABASE}`, to: `${to}/data/${AGAIN.target}${DATABASE}` }] };
}

async function makeTables({ lab }: Services, source: Sql | undefined): Promise<void> {
  const at = `${lab.clusters.source.hdfs.namespace}/data/${DATABASE}`;
  const statements = [
    `create database ${DATABASE}`,
    `create external table ${DATABASE}.flat (name string, n int) row format delimited fields terminated by ',' location '${at}/flat'`,
    `create external table ${DATABASE}.columnar (name string, n int) stored as orc location '${at}/columnar'`,
    `insert into ${DATABASE}.columnar select name, n from ${DATABASE}.flat`,
    `create external table ${DATABASE}.days (name string) partitioned by (d string) location '${at}/days'`,
    ...DAYS.map((day, index) => `insert into ${DATABASE}.days partition (d='${day}') values ('n${String(index)}')`),
  ];
  await new Hdfs(lab.clusters.source.hdfs).write(`/data/${DATABASE}/flat/a b.txt`, 'a,1\nb,2\n');
  for (const statement of statements) await source?.execute(statement);
}
