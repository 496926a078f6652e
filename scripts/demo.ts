/**
 * `npm run demo`: moves real tables from a real Hive 3.1.3 cluster to a real Hive 4.0.1 cluster and proves it.
 * Sets up everything, goes on running for the visitor; `-- --once` ends it, `-- --services` runs api, planner and executors as processes of
 * their own on Kafka. Exit 1 when a table that should be is not VERIFIED.
 */
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { catalogOf } from '../lab/src/data/catalog.ts';
import { labReset, labStatus, labUp, loadData, openListeners, type Lab } from '../lab/src/index.ts';
import { nameOf, reasonOf, reportOf, unprovedOf } from './demo/report.ts';
import { servicesShape, standaloneShape, type Shape } from './demo/shape.ts';
import { ApiClient, type Operation, type Run, type TableView } from './support/api-client.ts';
import { labClusters } from './support/lab-clusters.ts';

const { values: options } = parseArgs({
  options: {
    once: { type: 'boolean', default: false },
    services: { type: 'boolean', default: false },
    size: { type: 'string', default: 'small' },
  },
});
const started = Date.now();
const dataDirectory = join(import.meta.dirname, '..', '.hiveferry', 'demo');

process.exitCode = await demo().catch((error: unknown) => {
  console.error(`\nThe demo stopped: ${error instanceof Error ? error.message : String(error)}`);
  return 4;
});

async function demo(): Promise<number> {
  say('Hiveferry demo: tables of a Hive 3.1.3 cluster go to a Hive 4.0.1 cluster, by DistCp and HiveQL, and are proved there.');
  say('1. Lab: two HDFS, two Hives (the first time jars are downloaded, a few minutes)');
  const lab = await labUp();
  for (const warning of lab.netnsPid === null ? openListeners(labStatus()) : []) console.log(`   ${warning}`);
  await labReset({ target: true });
  await loadData(options.size === 'tiny' ? 'tiny' : 'small');
  say(options.services ? '2. Services: api, planner and executors at the edge of each cluster' : '2. Service: one process');
  rmSync(dataDirectory, { recursive: true, force: true });
  const service = await (options.services ? servicesShape(dataDirectory, lab) : standaloneShape(dataDirectory));
  for (const line of service.lines) console.log(`   ${line}`);
  stopOnSignals(service);
  try {
    const code = await migrate(lab, service);
    if (!options.once) await untilStopped(service);
    return code;
  } finally {
    await service.stop();
  }
}

async function migrate(lab: Lab, service: Shape): Promise<number> {
  const api = new ApiClient(service.url);
  say('3. Register and check the clusters');
  for (const cluster of labClusters(lab)) await registerAndCheck(api, cluster);
  say('4. Dry run: what would be done');
  const run = await plan(api);
  say('5. Execute exactly that plan');
  await watched(api, await api.execute(run));
  say('6. Transactional tables: their files cannot be copied, so Hive reads and writes their rows (strategy SQL)');
  const rows = await moveRows(api, await api.tables(run.id));
  say('7. Report');
  return await report(api, [run.id, ...rows], service);
}

async function watched(api: ApiClient, operation: Operation): Promise<void> {
  const watching = new AbortController();
  const progress = showProgress(api, operation.runId, watching.signal);
  await api.waitFor(operation);
  watching.abort();
  await progress;
}

/** A second request, for the tables that the first one refused. */
async function moveRows(api: ApiClient, tables: readonly TableView[]): Promise<readonly string[]> {
  const refused = tables.filter((table) => table.state === 'REFUSED').map(({ source }) => source);
  if (refused.length === 0) return [];
  const operation = await api.createMigration({
    name: 'demo-rows',
    source: 'source',
    targets: ['target'],
    selection: { databases: [...new Set(refused.map(({ database }) => database))], includeTables: refused.map(({ table }) => table) },
    strategy: 'SQL',
    proof: 'rows',
    execute: true,
    reason: 'show what moves tables whose files cannot be copied',
  });
  await watched(api, operation);
  return [operation.runId];
}

async function registerAndCheck(api: ApiClient, cluster: { readonly name: string }): Promise<void> {
  await api.registerCluster(cluster);
  const check = await api.checkCluster(cluster.name);
  for (const part of check.parts) console.log(`   ${cluster.name.padEnd(7)} ${part.ok ? 'ok ' : 'BAD'} ${part.name}: ${part.message}`);
  if (!check.ok) throw new Error(`cluster ${cluster.name} is not usable, see above`);
}

async function plan(api: ApiClient): Promise<Run> {
  const operation = await api.createMigration({
    name: 'demo',
    source: 'source',
    targets: ['target'],
    selection: { databases: demoDatabases() },
    strategy: 'SCHEMA_ONLY',
    proof: 'rows',
    reason: 'show the main job on real clusters',
  });
  const planned = await api.waitFor(operation);
  if (planned.error) throw new Error(`planning failed: ${planned.error.code} ${planned.error.message}`);
  const run = await api.run(operation.runId);
  const tables = await api.tables(run.id);
  const byDatabase = Map.groupBy(tables, (table) => table.source.database);
  for (const [database, own] of [...byDatabase].sort(([a], [b]) => a.localeCompare(b))) {
    const refused = own.filter((table) => table.state === 'REFUSED');
    console.log(`   ${database.padEnd(16)} ${String(own.length - refused.length).padStart(3)} to move, ${refused.length} refused`);
    for (const table of refused) console.log(`      ${nameOf(table)}: ${reasonOf(table)}`);
  }
  console.log(`   plan hash ${run.targets[0]?.planHash ?? '?'}`);
  return run;
}

function demoDatabases(): readonly string[] {
  return [...new Set(catalogOf(options.size === 'tiny' ? 'tiny' : 'small').map((table) => table.db))];
}

/** One line that moves on a terminal, a line each ten seconds elsewhere. */
async function showProgress(api: ApiClient, runId: string, signal: AbortSignal): Promise<void> {
  const pause = process.stdout.isTTY ? 500 : 10_000;
  while (!signal.aborted) {
    const run = await api.run(runId);
    const states = Object.entries(run.targets[0]?.tables.byState ?? {}).map(([state, count]) => `${count} ${state}`);
    const line = `   ${elapsed()} ${[run.state, states.join(', ')].filter(Boolean).join(': ')}`;
    if (process.stdout.isTTY) process.stdout.write(`\r\u001b[K${line}`);
    else console.log(line);
    await wait(pause, signal);
  }
  if (process.stdout.isTTY) process.stdout.write('\n');
}

/** Of all runs together: a table counts as its last run left it. */
async function report(api: ApiClient, runIds: readonly string[], service: Shape): Promise<number> {
  const byName = new Map<string, TableView>();
  for (const runId of runIds) for (const table of await api.tables(runId)) byName.set(nameOf(table), table);
  const tables = [...byName.values()];
  console.log(`\n${reportOf(tables)}`);
  for (const table of tables.filter((each) => each.state !== 'VERIFIED'))
    console.log(`${nameOf(table)}: ${table.state}\n   ${reasonOf(table)}`);
  for (const runId of runIds) await runLines(api, runId, service);
  console.log(`\nAll in ${elapsed()} with all set-up. Swagger UI: ${service.url}/docs`);
  const unproved = unprovedOf(tables);
  if (tables.length === 0 || unproved.length > 0) console.log(`\nNOT VERIFIED: ${unproved.map(nameOf).join(', ') || 'no table at all'}`);
  return tables.length === 0 || unproved.length > 0 ? 1 : 0;
}

async function runLines(api: ApiClient, runId: string, service: Shape): Promise<void> {
  const run = await api.run(runId);
  const at = `${service.url}/v1/runs/${runId}`;
  const page = join(dataDirectory, `report-${runId}.html`);
  writeFileSync(page, await api.report(runId));
  console.log(`\nRun ${runId}: ${run.state}`);
  console.log(`   report, one page with every table: ${page}   (${at}/report.html)`);
  console.log(`   artefacts (${(await api.artefacts(runId)).length} files): ${at}/artefacts   (archive: ${at}/artefacts.tar.gz)`);
}

async function untilStopped(service: Shape): Promise<void> {
  console.log('\nThe service and the lab go on running: open the addresses above. Ctrl-C ends the service; "npm run lab -- down" the lab.');
  await service.ended;
}

/** Each of them, not once: npm passes on the Ctrl-C that the terminal has sent here already, and without a handler the second ends this at once. */
function stopOnSignals(service: Shape): void {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      void service.stop().then(() => process.exit(130));
    });
  }
}

async function wait(milliseconds: number, signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

function elapsed(): string {
  return `${((Date.now() - started) / 1000).toFixed(0)} s`;
}

function say(text: string): void {
  console.log(`\n[${elapsed()}] ${text}`);
}
