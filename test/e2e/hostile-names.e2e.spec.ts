/** Names, values and paths that try to break out of their quotes: what Hive takes at the source is moved, and proved. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Run, TableView } from '../../scripts/support/api-client.ts';
import { identifier, literal } from '../../libs/core/src/hiveql/quote.ts';
import { HOSTILE_TEXTS } from '../oracle/hiveql/hostile-texts.ts';
import { Hdfs } from '../support/hdfs.ts';
import { openStage, type Stage } from '../support/stage.ts';

const DATABASE = 'hostile';
/** HiveServer2 replaces `${...}` before it parses, in names too: such a column cannot be asked for. */
const TEXTS = HOSTILE_TEXTS.filter((text) => !text.includes('${'));
/** As names of directories: HDFS takes neither a slash within one nor more than 255 bytes, and Hive itself reads globs in a table's place. */
const FOLDERS = TEXTS.filter((text) => text.length < 200 && !/[/\\*?[\]{}\u0000-\u001f\u007f]/.test(text));
const ODD_PLACE = "it's $(id); `id` 100% %2F größe 表";

let stage: Stage;
let run: Run;
let tables: readonly TableView[];
let accepted: { readonly columns: readonly string[]; readonly values: readonly string[] };

beforeAll(async () => {
  stage = await openStage('hostile-names');
  await stage.dropDatabases([DATABASE]);
  await stage.source.execute(`create database ${DATABASE}`);
  accepted = { columns: await makeColumns(), values: await makeValues() };
  await makeProperties();
  await makePaths();
  run = await stage.migrate({ databases: [DATABASE] });
  tables = await stage.api.tables(run.id);
}, 600_000);

afterAll(async () => {
  await stage.dropDatabases([DATABASE]);
  await stage.close();
});

it('is VERIFIED to the rows, every table', () => {
  const outcomes = tables.map(({ source, state, evidence, failure, issues }) => [
    source.table,
    state,
    failure?.message ?? evidence?.level ?? issues.map(({ code }) => code),
  ]);
  expect(outcomes).toEqual(['cols', 'odd_place', 'paths', 'props', 'vals'].map((table) => [table, 'VERIFIED', 'rows']));
});

it('had most of them taken by Hive: the test is about something', () => {
  expect(accepted.columns.length).toBeGreaterThanOrEqual(20);
  expect(accepted.values.length).toBeGreaterThanOrEqual(25);
});

it('keeps columns under their names', async () => {
  const [row] = await stage.target.query(`select ${accepted.columns.map(identifier).join(', ')} from ${DATABASE}.cols`);
  expect(row).toEqual(accepted.columns.map((_, index) => String(index)));
});

it('keeps the values of partitions, each with its row', async () => {
  const rows = await stage.target.query(`select said, p from ${DATABASE}.vals`);
  expect(rows.map(([said, p]) => said === p)).toEqual(accepted.values.map(() => true));
  expect(rows.map(([, p]) => p).toSorted()).toEqual(accepted.values.toSorted());
});

it('reads each partition from its odd directory', async () => {
  const rows = await stage.target.query(`select n, name from ${DATABASE}.paths`);
  expect(rows.map(([n, name]) => `${n} ${name}`).toSorted()).toEqual(FOLDERS.map((_, index) => `${index} n${index}`).toSorted());
  expect(await stage.target.query(`select name from ${DATABASE}.odd_place`)).toEqual([['here']]);
});

/** @returns the names that Hive takes */
async function makeColumns(): Promise<readonly string[]> {
  const taken = await those(TEXTS, async (text) => {
    await stage.source.execute(`create table ${DATABASE}.probe (${identifier(text)} int)`);
    await stage.source.execute(`drop table ${DATABASE}.probe`);
  });
  const columns = taken.map((text) => `${identifier(text)} int comment ${literal(text)}`);
  await stage.source.execute(`create external table ${DATABASE}.cols (plain_one int, ${columns.join(', ')}) stored as orc ${at('cols')}`);
  await stage.source.execute(`insert into ${DATABASE}.cols values (${['0', ...taken.map((_, index) => String(index))].join(', ')})`);
  return taken;
}

async function makeValues(): Promise<readonly string[]> {
  const table = `${DATABASE}.vals`;
  await stage.source.execute(`create external table ${table} (said string) partitioned by (p string) stored as orc ${at('vals')}`);
  const taken = await those(TEXTS, async (text) => {
    await stage.source.execute(`alter table ${table} add partition (p=${literal(text)})`);
  });
  await stage.source.execute('set hive.exec.dynamic.partition.mode=nonstrict');
  const rows = taken.map((text) => `(${literal(text)}, ${literal(text)})`);
  await stage.source.execute(`insert into ${table} partition (p) values ${rows.join(', ')}`);
  return taken;
}

async function makeProperties(): Promise<void> {
  const named = TEXTS.filter((text) => text.length < 200).map((text, index) => `${literal(`${text} ${index}`)}=${literal(text)}`);
  await stage.source.execute(
    `create external table ${DATABASE}.props (id int comment ${literal(TEXTS.filter((text) => text.length < 100).join(' '))}) ` +
      `comment ${literal('; DROP TABLE x; -- $(id) `id` \' "')} ${at('props')} tblproperties (${named.join(', ')})`,
  );
}

async function makePaths(): Promise<void> {
  const hdfs = new Hdfs(stage.lab.clusters.source.hdfs);
  await stage.source.execute(`create external table ${DATABASE}.paths (name string) partitioned by (n int) ${at('paths')}`);
  for (const [index, folder] of FOLDERS.entries()) {
    await hdfs.write(`/data/${DATABASE}/paths/${folder}/f`, `n${index}\n`);
    await stage.source.execute(`alter table ${DATABASE}.paths add partition (n=${index}) ${at(`paths/${folder}`)}`);
  }
  await hdfs.write(`/data/${DATABASE}/${ODD_PLACE}/f`, 'here\n');
  await stage.source.execute(`create external table ${DATABASE}.odd_place (name string) ${at(ODD_PLACE)}`);
}

const at = (path: string): string => `location ${literal(`${stage.lab.clusters.source.hdfs.namespace}/data/${DATABASE}/${path}`)}`;

async function those(texts: readonly string[], isTaken: (text: string) => Promise<void>): Promise<readonly string[]> {
  const taken: string[] = [];
  for (const text of texts) {
    const hasFailed = await isTaken(text).then(
      () => false,
      () => true,
    );
    if (!hasFailed) taken.push(text);
  }
  return taken;
}
