/** The service is killed by SIGKILL again and again while it moves a database: the run must end by itself, and nothing run twice at once. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readLab } from '../../lab/src/index.ts';
import type { Run, TableView } from '../../scripts/support/api-client.ts';
import { countDistCpLaunches, type DistCpLaunches } from '../support/distcp-launches.ts';
import { Hdfs } from '../support/hdfs.ts';
import { eventsUntil, type RunEvent } from '../support/run-events.ts';
import { openStage, type Stage } from '../support/stage.ts';
import { until as waitUntil } from '../support/until.ts';

const DATABASE = 'crash';
const TABLES = ['t1', 't2', 't3', 't4', 'large', 'by_day'];
const LARGE_BYTES = 5_000_000;

describe('a service that is killed', () => {
  let launches: DistCpLaunches;
  let stage: Stage;
  let run: Run;
  let tables: readonly TableView[];
  /** What a client had seen before each kill, and at last. */
  const seen: (readonly RunEvent[])[] = [];
  const kills: { readonly at: string; readonly running: readonly string[] }[] = [];

  const killAndStart = async (at: string): Promise<void> => {
    await stage.kill();
    kills.push({ at, running: running() });
    await stage.start();
  };
  const running = (): readonly string[] => launches.all().flatMap((each) => (launches.isAlive(each) ? [each.stepId] : []));
  const until = async (isWanted: (event: RunEvent) => boolean): Promise<void> => {
    seen.push(await eventsUntil(stage.api.url, run.id, isWanted));
  };

  beforeAll(async () => {
    launches = countDistCpLaunches(readLab().clusters.target.hadoop.command);
    const environment = { FERRY_LEASE_SECONDS: '5', FERRY_ATTEMPTS: '10' };
    stage = await openStage('crash', { environment, targetHadoop: () => launches.command });
    await stage.dropDatabases([DATABASE]);
    await createSource(stage);
    run = await stage.plan({ databases: [DATABASE] }, { proof: 'checksum' });

    await stage.api.execute(run);
    await killAndStart(':execute was answered');

    // Longer than a lease: they end with the claim of the service that is killed, or the next one would start others beside them.
    launches.slowDown(12);
    await waitUntil(() => running().length > 0);
    launches.slowDown(0);
    await killAndStart('DistCp runs');

    const endedBefore = ended(launches).length;
    await waitUntil(() => ended(launches).length > endedBefore);
    await killAndStart('DistCp has ended and nobody reported it');

    await until(({ data }) => data.kind === 'create-table' && data.state === 'RUNNING');
    await killAndStart('CREATE TABLE runs');

    await until(({ type }) => type === 'end');
    run = await stage.api.run(run.id);
    tables = await stage.api.tables(run.id);
  }, 240_000);

  afterAll(async () => {
    await stage.dropDatabases([DATABASE]);
    await stage.close();
    launches.remove();
  });

  it('was killed while DistCp ran', () => {
    expect(kills.find(({ at }) => at === 'DistCp runs')?.running.length).toBeGreaterThan(0);
  });

  it('goes on by itself when it is started again, and the run ends SUCCEEDED with every table VERIFIED', () => {
    const states = tables.map(({ source, state, failure, evidence }) => [source.table, state, failure?.message, evidence?.findings]);
    expect(states.toSorted()).toEqual(TABLES.toSorted().map((table) => [table, 'VERIFIED', undefined, []]));
    expect(run.state).toBe('SUCCEEDED');
  });

  it('never ran two DistCp of one step at once', () => {
    expect(launches.all().filter(({ aliveAtStart }) => aliveAtStart.length > 0)).toEqual([]);
    expect(running()).toEqual([]);
  });

  it('made every partition once, and no table beside those asked for', async () => {
    const partitions = await stage.target.query(`show partitions ${DATABASE}.by_day`);
    expect(partitions.flat()).toEqual(['day=2024-01-01', 'day=2024-01-02']);
    expect((await stage.target.query(`show tables in ${DATABASE}`)).flat().toSorted()).toEqual(TABLES.toSorted());
  });

  it('continues the events of the run: what was seen before a kill is the beginning of what is seen after', () => {
    const sequences = seen.map((events) => events.flatMap(({ sequence }) => sequence ?? []));
    const all = sequences.at(-1) ?? [];
    for (const earlier of sequences) expect(all.slice(0, earlier.length)).toEqual(earlier);
    expect(all).toEqual([...new Set(all)].toSorted((one, other) => Number(one) - Number(other)));
  });
});

const ended = (launches: DistCpLaunches): readonly unknown[] => launches.all().filter((each) => !launches.isAlive(each));

async function createSource({ lab, source }: Stage): Promise<void> {
  const hdfs = new Hdfs(lab.clusters.source.hdfs);
  const folder = (table: string): string => `/data/${DATABASE}/${table}`;
  const days = ['day=2024-01-01', 'day=2024-01-02'];
  await source.execute(`create database ${DATABASE}`);
  for (const table of TABLES) {
    const partitioned = table === 'by_day' ? 'partitioned by (day string)' : '';
    await source.execute(
      `create external table ${DATABASE}.${table} (name string, n int) ${partitioned} row format delimited fields terminated by ',' ` +
        `stored as textfile location '${lab.clusters.source.hdfs.namespace}${folder(table)}'`,
    );
  }
  for (const table of TABLES.filter((each) => each !== 'by_day')) {
    const row = 'a,1\n';
    await hdfs.write(`${folder(table)}/a.txt`, table === 'large' ? row.repeat(LARGE_BYTES / row.length) : row);
  }
  for (const day of days) await hdfs.write(`${folder('by_day')}/${day}/a.txt`, 'b,2\n');
  await source.execute(`msck repair table ${DATABASE}.by_day`);
}
