/**
 * Executors are killed by SIGKILL at seeded points of slow DistCp jobs, from the start of the JVM over the listing to the copy, and
 * started again in their place while others stand by. The run must end by itself, and no step may have two jobs alive.
 */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readLab } from '../../lab/src/index.ts';
import type { Run, TableView } from '../../scripts/support/api-client.ts';
import { countDistCpLaunches } from '../support/distcp-launches.ts';
import type { DistCpLaunches, Launch } from '../support/distcp-launches.ts';
import { Hdfs } from '../support/hdfs.ts';
import { openMetastoreAudit } from '../support/metastore-audit.ts';
import type { MetastoreAudit } from '../support/metastore-audit.ts';
import { seeded } from '../support/seeded.ts';
import { dropDatabase, sqlOf } from '../support/stage.ts';
import type { Sql } from '../support/stage.ts';
import { startSupervised } from '../support/supervised-services.ts';
import type { SupervisedProcess, SupervisedServices } from '../support/supervised-services.ts';

const DATABASE = 'chaos_kills';
const POINTS = Number(process.env['HIVEFERRY_CHAOS_POINTS'] ?? '20');
const SEED = Number(process.env['HIVEFERRY_CHAOS_SEED'] ?? '4');
/** A JVM lists after about half a second, and then copies for some: the seed spreads the points over all of it. */
const LATEST_POINT_MS = 3_500;
const DAYS = 16;
/** At 1 MB/s a copy lasts longer than the latest point, however quick the machine is. */
const TABLE_BYTES = 9_600_000;
/** One for each point: tables that are done cannot be hit. */
const TABLES = Array.from({ length: POINTS }, (_, index) => `${index % 2 === 0 ? 'large' : 'by_day'}_${String(index).padStart(2, '0')}`);

interface Point {
  readonly afterMs: number;
  readonly launch: Launch;
  readonly table: string;
  readonly phase: string;
  readonly owner: SupervisedProcess;
}

describe('executors that are killed while DistCp runs', () => {
  let launches: DistCpLaunches;
  let services: SupervisedServices;
  let sides: readonly (Sql & { close(): Promise<void> })[];
  let audit: MetastoreAudit;
  let run: Run;
  let tables: readonly TableView[];
  const points: Point[] = [];

  beforeAll(async () => {
    const lab = readLab();
    launches = countDistCpLaunches(lab.clusters.target.hadoop.command);
    const executor = (cluster: string) => ({ name: 'executor', environment: { FERRY_CLUSTER: cluster } }) as const;
    services = await startSupervised({
      specs: [{ name: 'api' }, { name: 'planner' }, ...['source', 'target', 'target', 'target'].map(executor)],
      cluster: (cluster) => (cluster.name === 'target' ? { ...cluster, hadoop: { command: launches.command } } : cluster),
    });
    sides = [await sqlOf(lab, 'source'), await sqlOf(lab, 'target')];
    await dropDatabase(lab, sides, DATABASE);
    await createSource(services, sides[0]);
    audit = openMetastoreAudit(lab, 'target');
    const operation = await services.api.createMigration({
      source: 'source',
      targets: ['target'],
      selection: { databases: [DATABASE] },
      strategy: 'SCHEMA_ONLY',
      proof: 'checksum',
      execute: true,
      distcp: { bandwidthMbPerMapper: 1 },
    });
    await killAtPoints();
    await services.api.waitFor(operation, 400_000);
    run = await services.api.run(operation.runId);
    tables = await services.api.tables(operation.runId);
    console.info(report(points, { launches, tables }));
  }, 600_000);

  afterAll(async () => {
    await services.close();
    await dropDatabase(services.lab, sides, DATABASE);
    await Promise.all(sides.map((side) => side.close()));
    launches.remove();
  });

  /** Each launch is hit once at most; one that ends before its point is let go, and the next one gets the point. */
  async function killAtPoints(): Promise<void> {
    const random = seeded(SEED);
    const seen = new Set<Launch['startTicks']>();
    const starting: Promise<void>[] = [];
    for (const afterMs of Array.from({ length: POINTS }, () => Math.round(random() * LATEST_POINT_MS))) {
      const point = await hit(afterMs, seen);
      points.push(point);
      await point.owner.kill();
      starting.push(point.owner.start());
    }
    await Promise.all(starting);
  }

  async function hit(afterMs: number, seen: Set<string>): Promise<Point> {
    const deadline = Date.now() + 120_000;
    while (Date.now() < deadline) {
      const launch = launches.all().find((each) => !seen.has(each.startTicks) && Date.now() - each.startMs <= afterMs + 100);
      if (launch === undefined) {
        await sleep(20);
        continue;
      }
      seen.add(launch.startTicks);
      await sleep(Math.max(0, launch.startMs + afterMs - Date.now()));
      const place = launches.isAlive(launch) ? await placeOf(launch) : undefined;
      if (place !== undefined) return { afterMs, launch, ...place };
    }
    throw new Error(`no DistCp lived for ${String(afterMs)} ms within two minutes: ${String(points.length)} points were hit`);
  }

  async function placeOf({ stepId }: Launch): Promise<Pick<Point, 'table' | 'phase' | 'owner'> | undefined> {
    const [step] = await services.rows<{ owner: string; table: string }>(
      `select lease_owner as owner, table_name as "table" from step_now where id = '${stepId}' and state = 'RUNNING'`,
    );
    // A copy outlives its executor for a moment: the point needs one that is there to be killed.
    const owner = services.processes.find(({ pid, hasEnded }) => !hasEnded && step?.owner.includes(`-${String(pid)}-`) === true);
    return step === undefined || owner === undefined ? undefined : { table: step.table, phase: phaseOf(owner, stepId), owner };
  }

  it('hits every point, from the start of the JVM to the copy, the listing included', () => {
    expect(points.length).toBe(POINTS);
    expect([...new Set(points.map(({ phase }) => phase))].toSorted()).toEqual(['copy', 'listing', 'start']);
  });

  it('ends the run by itself, with every table VERIFIED', () => {
    const states = tables.map(({ source, state, failure, evidence }) => [source.table, state, failure?.message, evidence?.findings]);
    expect(states.toSorted()).toEqual(TABLES.toSorted().map((table) => [table, 'VERIFIED', undefined, []]));
    expect(run.state).toBe('SUCCEEDED');
  });

  it('started DistCp again after each kill, and never had two of one step alive', () => {
    const all = launches.all();
    expect(all.length).toBeGreaterThanOrEqual(TABLES.length + points.length);
    expect(all.filter(({ aliveAtStart }) => aliveAtStart.length > 0)).toEqual([]);
    expect(all.filter((each) => launches.isAlive(each))).toEqual([]);
  });

  it('let another executor, or the restarted one, take over under a new fence', async () => {
    const attempts = await services.rows<{ id: string; attempts: string; done: string }>(
      `select step_id as id, count(*) as attempts, count(*) filter (where outcome = 'DONE') as done from step_attempt group by 1`,
    );
    expect(attempts.filter(({ done }) => done !== '1')).toEqual([]);
    const hit = new Set(points.map(({ launch }) => launch.stepId));
    expect(attempts.filter(({ id, attempts: count }) => hit.has(id) && Number(count) < 2)).toEqual([]);
  });

  it('made every table once, and dropped none', () => {
    expect([...audit.made(DATABASE)].toSorted()).toEqual(TABLES.toSorted().map((table) => [table, 1]));
    expect(audit.dropped(DATABASE)).toEqual([]);
  });

  it('left nothing temporary beside the files', async () => {
    const hdfs = new Hdfs(services.lab.clusters.target.hdfs);
    const left = await Promise.all(TABLES.map(async (table) => await hdfs.names(`/data/${DATABASE}/${table}`)));
    expect(left.flat().filter((name) => name.startsWith('.'))).toEqual([]);
  });
});

/** By the log of the run: DistCp prints its options before it lists, and the job's id when the job is submitted. */
function phaseOf({ folder }: SupervisedProcess, stepId: string): string {
  const directory = join(folder, 'steps', 'target', stepId);
  const runs = readdirSync(directory).filter((name) => /^\d+-\d+$/.test(name));
  const latest = runs.toSorted((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10)).at(-1) ?? '';
  const log = readFileSync(join(directory, latest, 'distcp.log'), 'utf8');
  if (/DistCp job-id|Submitting tokens for job/.test(log)) return 'copy';
  return /Input Options/.test(log) ? 'listing' : 'start';
}

function report(points: readonly Point[], { launches, tables }: { launches: DistCpLaunches; tables: readonly TableView[] }): string {
  const states = new Map(tables.map(({ source, state }) => [source.table, state]));
  const all = launches.all();
  const lines = points.map(({ afterMs, launch, table, phase, owner }, index) => {
    const next = all.find(({ stepId, startMs }) => stepId === launch.stepId && startMs > launch.startMs);
    const again = next === undefined ? 'never' : `${String(next.startMs - launch.startMs - afterMs)} ms`;
    return [index + 1, `${String(afterMs)} ms`, phase, table, owner.folder.split('/').at(-1), again, states.get(table)].join(' | ');
  });
  return [
    `seed ${String(SEED)}; ${String(all.length)} launches`,
    'point | after start | phase | table | executor | started again after | table ended',
    ...lines,
  ].join('\n');
}

async function createSource({ lab }: SupervisedServices, source: Sql | undefined): Promise<void> {
  const hdfs = new Hdfs(lab.clusters.source.hdfs);
  await source?.execute(`create database ${DATABASE}`);
  for (const table of TABLES) {
    const folder = `/data/${DATABASE}/${table}`;
    const isLarge = table.startsWith('large');
    await source?.execute(
      `create external table ${DATABASE}.${table} (name string, n int) ${isLarge ? '' : 'partitioned by (day string)'} ` +
        `row format delimited fields terminated by ',' stored as textfile location '${lab.clusters.source.hdfs.namespace}${folder}'`,
    );
    if (isLarge) {
      await hdfs.write(`${folder}/a.txt`, 'a,1\n'.repeat(TABLE_BYTES / 4));
      continue;
    }
    const days = Array.from({ length: DAYS }, (_, day) => `day=2024-01-${String(day + 1).padStart(2, '0')}`);
    await Promise.all(days.map(async (day) => await hdfs.write(`${folder}/${day}/a.txt`, 'b,2\n'.repeat(TABLE_BYTES / DAYS / 4))));
    await source?.execute(`msck repair table ${DATABASE}.${table}`);
  }
}
