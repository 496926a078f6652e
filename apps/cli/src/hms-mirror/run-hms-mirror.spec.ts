import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hmsMirrorCommand } from './run-hms-mirror.ts';
import { TWO_CLUSTERS } from './testing.ts';
import { whyCommand } from './why.ts';

const table = (name: string, definition: readonly string[]) => `
      ${name}:
        environments:
          LEFT: {exists: true, definition: ${JSON.stringify(definition)}, partitions: {}}
          RIGHT: {exists: false, definition: [], partitions: {}}`;

const ORDERS = ['CREATE EXTERNAL TABLE `orders`(', '`id` bigint)', 'LOCATION', "'hdfs://left/data/orders'"];
const BROKEN = ['CREATE EXTERNAL TABEL `broken`('];

const dataSet = (...tables: readonly string[]) =>
  `databases:\n  sales:\n    properties: {LEFT: {LOCATION: "hdfs://left/db/sales.db"}}\n    tableMirrors:${tables.join('')}\n`;

let folder = '';
let said: string[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hiveferry-run-'));
  said = [];
  writeFileSync(join(folder, 'conf.yaml'), TWO_CLUSTERS);
  writeFileSync(join(folder, 'data.yaml'), dataSet(table('orders', ORDERS)));
});
afterEach(() => rmSync(folder, { recursive: true }));

const terminal = () => ({ out: (text: string) => said.push(text), err: (text: string) => said.push(text), home: folder });
const common = () => ['-cfg', join(folder, 'conf.yaml'), '-ltd', join(folder, 'data.yaml')];
const run = async (...argv: readonly string[]) => await hmsMirrorCommand([...common(), '-o', join(folder, 'out'), ...argv], terminal());
const written = () => (existsSync(join(folder, 'out')) ? readdirSync(join(folder, 'out')).sort() : []);

describe('a run', () => {
  it('writes scripts, report, configuration and status', async () => {
    expect(await run()).toBe(0);
    expect(written()).toEqual([
      'report.html',
      'run-status.yaml',
      'sales_RIGHT_RollBack.sql',
      'sales_RIGHT_execute.sql',
      'sales_hms-mirror.md',
      'sales_runbook.md',
      'session-config.yaml',
    ]);
  });

  it('keeps the comment in its status', async () => {
    await run('-com', 'night of the move');
    expect(readFileSync(join(folder, 'out', 'run-status.yaml'), 'utf8')).toContain('comment: night of the move\n');
  });

  it('writes a script of copies that a shell runs', async () => {
    const hostile = ORDERS.map((line) => line.replace('/data/orders', "/data/it\\'s $(touch here) `x`/orders"));
    writeFileSync(join(folder, 'data.yaml'), dataSet(table('orders', hostile)));
    await run('-tt', 'ALIGNED', '-dc', '-wps', 'sales=/e:/m', '-glm', '/data=/lake');
    const { status, stdout, stderr } = spawnSync('sh', ['out/sales_distcp_script.sh', '--dry-run'], { cwd: folder, encoding: 'utf8' });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toMatch(/^hadoop distcp .*'[^']*\$\(touch here\)/m);
    expect(readdirSync(folder)).not.toContain('here');
  });

  it('gives the same bytes for the same input', async () => {
    const bytes = () => written().map((name) => readFileSync(join(folder, 'out', name), 'utf8'));
    await run();
    const first = bytes();
    await run();
    expect(bytes()).toEqual(first);
  });

  it('leaves nothing of an earlier run, and nothing of its own when it is refused', async () => {
    await run('-tt', 'ALIGNED', '-dc');
    expect(written()).toContain('sales_distcp_plans.yaml');
    writeFileSync(join(folder, 'out', 'notes.txt'), 'mine');
    expect(await run('-e')).toBe(2);
    expect(written()).toEqual(['notes.txt', 'run-status.yaml']);
  });

  it.each([
    ['none', 'no such configuration file'],
    ['.', 'expected a configuration file, found a directory'],
  ])('is refused with %s for its configuration', async (name, text) => {
    const argv = ['-cfg', join(folder, name), '-ltd', join(folder, 'data.yaml'), '-o', join(folder, 'out')];
    expect(await hmsMirrorCommand(argv, terminal())).toBe(2);
    expect(said.join('\n')).toContain(text);
  });

  it('reads the default file of the home directory, where -cfg names it without a folder', async () => {
    expect(await hmsMirrorCommand(['-ltd', join(folder, 'data.yaml')], terminal())).toBe(2);
    expect(said.join()).toContain(join(folder, '.hms-mirror/cfg/default.yaml'));
  });

  it('refuses a table whose definition cannot be read, and goes on', async () => {
    writeFileSync(join(folder, 'data.yaml'), dataSet(table('orders', ORDERS), table('broken', BROKEN)));
    expect(await run()).toBe(3);
    expect(said.join('\n')).toContain('sales.broken is refused: its definition cannot be read');
    expect(written()).toContain('sales_RIGHT_execute.sql');
  });

  it('says what an option without effect is for, unless it is told to be quiet', async () => {
    await run('-rdl');
    expect(said.join('\n')).toContain('-rdl: without effect, as in hms-mirror 3; use -tt ALIGNED');
    said = [];
    await run('-rdl', '-q');
    expect(said).toEqual([]);
  });

  it('refuses a run with neither a data set nor addresses of clusters', async () => {
    expect(await hmsMirrorCommand(['-cfg', join(folder, 'conf.yaml'), '-o', join(folder, 'out')], terminal())).toBe(2);
    expect(said.join()).toContain('or plan from a data set by -ltd FILE');
  });
});

describe('why', () => {
  it('names the rules in order', () => {
    expect(whyCommand(['sales.orders', ...common()], terminal())).toBe(0);
    expect(said.join('\n')).toMatch(
      /^sales\.orders is migrated, by SCHEMA_ONLY; statements: 0 on LEFT, \d on RIGHT\.\nBecause, in this order:\n {2}1\. /,
    );
  });

  it.each([
    ['a table that is left out', 'sales.orders', ['-tef', 'o.*'], 0, 'sales.orders does not take part: '],
    ['a table that is not there', 'sales.order', [], 2, 'sales.order: the data set has no such table; did you mean orders?'],
    ['a database that is not there', 'hr.orders', [], 2, 'hr.orders: the run has no database hr; it has sales'],
    ['no table', 'sales', [], 2, 'ferry why: expected DATABASE.TABLE'],
  ])('answers for %s', (_what, name, options, code, text) => {
    expect(whyCommand([name, ...common(), ...options], terminal())).toBe(code);
    expect(said.join('\n')).toContain(text);
  });

  it('answers for a table that cannot be read', () => {
    writeFileSync(join(folder, 'data.yaml'), dataSet(table('broken', BROKEN)));
    expect(whyCommand(['sales.broken', ...common()], terminal())).toBe(0);
    expect(said.join('\n')).toContain('sales.broken is refused: its definition cannot be read');
  });
});
