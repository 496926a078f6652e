/**
 * How fast the inventory is read, beside a bare loop of the same Thrift calls, and whether its memory stays flat.
 * usage: npm run bench:inventory -- [--side source|target] [--sizes 2000,8000] [--rounds 5]
 */
import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import { readLab } from '../../lab/src/index.ts';
import { createTables, dropTables } from './inventory-tables.ts';
import type { BenchDatabase } from './inventory-tables.ts';
import { CONNECTIONS } from './inventory-variants.ts';
import type { VariantName, VariantResult } from './inventory-variants.ts';

const RATIO_WANTED = 0.85;
const MEMORY_SPREAD_WANTED = 0.15;

/**
 * A small heap for both variants: peak memory then shows what is held. With Node's defaults it shows how long the collector lets
 * garbage lie: 129 MiB for 2,000 tables and 180 for 8,000, of the bare loop 123 and 173.
 */
const CHILD_FLAGS = ['--disable-warning=DEP0005', '--max-old-space-size=32', '--max-semi-space-size=2'];

interface SizeResult {
  readonly size: number;
  readonly reader: readonly VariantResult[];
  readonly bare: readonly VariantResult[];
}

const { values: flags } = parseArgs({
  options: {
    side: { type: 'string', default: 'target' },
    sizes: { type: 'string', default: '2000,8000' },
    rounds: { type: 'string', default: '5' },
  },
});
const side = flags.side === 'source' ? 'source' : 'target';
const cluster = readLab().clusters[side];
const { hostname: host, port } = new URL(cluster.metastoreUri);
const metastore = { host, port: Number(port) };
const databases = flags.sizes.split(',').map((size): BenchDatabase => {
  const name = `bench_inventory_${size}`;
  return { name, tables: Number(size), location: `${cluster.hdfs.namespace}/data/${name}` };
});

const results: SizeResult[] = [];
try {
  for (const database of databases) results.push(await measure(database));
} finally {
  for (const database of databases) await dropTables(metastore, database);
}
const report = reportOf(results);
console.log(report);
save(report);
if (!report.includes('all goals met')) process.exitCode = 1;

async function measure(database: BenchDatabase): Promise<SizeResult> {
  console.error(`creating ${database.tables} tables in ${database.name} ...`);
  await dropTables(metastore, database);
  await createTables(metastore, database);
  // The first pass warms the metastore and its database; then both variants take turns, each beginning as often as the other.
  await runVariant('bare', database);
  const reader: VariantResult[] = [];
  const bare: VariantResult[] = [];
  for (let round = 0; round < Number(flags.rounds); round += 1) {
    const order: readonly VariantName[] = round % 2 === 0 ? ['bare', 'reader'] : ['reader', 'bare'];
    for (const variant of order) (variant === 'bare' ? bare : reader).push(await runVariant(variant, database));
  }
  return { size: database.tables, reader, bare };
}

async function runVariant(variant: VariantName, database: BenchDatabase): Promise<VariantResult> {
  const child = fileURLToPath(new URL('./inventory-child.ts', import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [...CHILD_FLAGS, child, variant, host, port, database.name]);
  // Printed by our own child.
  const result = JSON.parse(stdout) as VariantResult;
  if (result.tables !== database.tables) throw new Error(`${variant} read ${result.tables} of ${database.tables} tables`);
  return result;
}

function reportOf(sizes: readonly SizeResult[]): string {
  const speeds = sizes.map(({ size, reader, bare }) => ({ size, reader: speedOf(reader), bare: speedOf(bare) }));
  const ratio = Math.min(...speeds.map((each) => each.reader / each.bare));
  const memory = sizes.map(({ reader }) => median(reader.map((each) => each.peakMemoryMib)));
  const spread = Math.max(...memory) / Math.min(...memory) - 1;
  const rows = speeds.map(({ size, reader, bare }, i) =>
    [
      size,
      reader.toFixed(0),
      bare.toFixed(0),
      (reader / bare).toFixed(2),
      cpuOf(sizes[i]),
      (memory[i] ?? 0).toFixed(0),
      bareMemory(sizes[i]),
    ].join(' | '),
  );
  const isMet = ratio >= RATIO_WANTED && spread <= MEMORY_SPREAD_WANTED;
  return [
    `Inventory over Thrift, Hive ${cluster.hiveVersion} (${side}), ${CONNECTIONS} connections, best speed and median memory of ${flags.rounds} fresh processes each, in turns, each with a heap of 32 MiB, ${cpus().length} cores, Node ${process.version}.`,
    '',
    '| tables | reader, tables/s | bare loop, tables/s | ratio | CPU s, reader / bare | reader, peak MiB | bare loop, peak MiB |',
    '|---|---|---|---|---|---|---|',
    ...rows.map((row) => `| ${row} |`),
    '',
    `Lowest ratio ${ratio.toFixed(2)} (wanted ${RATIO_WANTED}); peak memory differs by ${(spread * 100).toFixed(1)} % (wanted ${MEMORY_SPREAD_WANTED * 100} %): ${isMet ? 'all goals met' : 'GOALS MISSED'}.`,
    '',
  ].join('\n');
}

function cpuOf(result: SizeResult | undefined): string {
  return [result?.reader ?? [], result?.bare ?? []].map((runs) => median(runs.map(({ cpuSeconds }) => cpuSeconds)).toFixed(2)).join(' / ');
}

function bareMemory(result: SizeResult | undefined): string {
  return median((result?.bare ?? []).map((each) => each.peakMemoryMib)).toFixed(0);
}

/** The best of the rounds: what else runs on the machine only ever slows a round down. */
function speedOf(runs: readonly VariantResult[]): number {
  return Math.max(...runs.map(({ tables, seconds }) => tables / seconds));
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN;
}

function save(text: string): void {
  const directory = new URL('./results/', import.meta.url);
  mkdirSync(directory, { recursive: true });
  const day = new Date().toISOString().slice(0, 10);
  writeFileSync(new URL(`inventory-${day}-${side}.md`, directory), `# Inventory benchmark, ${day}\n\n${text}`);
}
