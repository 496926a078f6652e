/** What every MetastoreReader and MetastoreWriter must do; run on the fake and on both Hives of the lab. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MigrationError, partitionName } from '@hiveferry/core';
import type { Partition, Table } from '@hiveferry/core';
import type { MetastoreReader, MetastoreWriter } from '@hiveferry/ports';
import {
  COLUMN_COMMENT,
  EMPTY_DATABASE,
  FUNCTION_NAMES,
  MANY_DATABASE,
  NUMBERED_PARTITIONS,
  ORC_PARTITION,
  PARTITION_VALUES,
  READER_DATABASE,
  TABLE_COMMENT,
  TABLE_NAMES,
  contractPartitions,
  manyNames,
  moveOf,
  numberedPartitions,
} from './metastore-fixture.ts';
import type { NumberedTable } from './metastore-fixture.ts';

export interface MetastoreStage {
  readonly reader: MetastoreReader;
  readonly writer: MetastoreWriter;
  /** Where partitions may be put. */
  readonly dataRoot: string;
  dropTable(database: string, table: string): Promise<void>;
  close(): Promise<void>;
}

/**
 * @param open makes what `metastore-fixture.ts` describes, without partitions
 * @param options `many`: whether a thousand tables and many partitions are read, too. @default true
 *   `manyPartitions`: of which table. @default many_parts, with a thousand
 */
export function metastoreContract(
  title: string,
  open: () => Promise<MetastoreStage>,
  { many = true, manyPartitions = 'many_parts' }: { readonly many?: boolean; readonly manyPartitions?: NumberedTable } = {},
): void {
  // One statement a table is slow where many share two cores.
  describe(title, { timeout: 900_000 }, () => {
    let stage: MetastoreStage;
    const read = async (...names: readonly string[]): Promise<readonly Table[]> => await stage.reader.tables(READER_DATABASE, names);
    const readOne = async (name: string): Promise<Table> => (await read(name))[0] ?? expect.fail(`no table ${name}`);

    beforeAll(async () => {
      stage = await open();
      const partitions = contractPartitions(
        (values) => `${stage.dataRoot}/parts/${values.map((value) => encodeURIComponent(value)).join('-')}`,
      );
      await stage.writer.addPartitions({ database: READER_DATABASE, table: 'parts', partitions });
      await stage.writer.addPartitions({
        database: READER_DATABASE,
        table: manyPartitions,
        partitions: numberedPartitions(manyPartitions, `${stage.dataRoot}/${manyPartitions}`),
      });
    });
    afterAll(async () => await stage.close());

    describe('databases', () => {
      it('are named in order', async () => {
        const names = await stage.reader.databaseNames();
        expect(names).toEqual([...names].sort());
        expect(names).toEqual(expect.arrayContaining([EMPTY_DATABASE, MANY_DATABASE, READER_DATABASE]));
      });
      it('are read with location and owner', async () => {
        expect(await stage.reader.database(READER_DATABASE)).toMatchObject({
          name: READER_DATABASE,
          locationUri: expect.stringContaining(READER_DATABASE) as string,
          owner: { name: 'hive', type: 'USER' },
        });
      });
      it('that do not exist are undefined', async () => {
        expect(await stage.reader.database('ct_reader_nowhere')).toBeUndefined();
      });
    });

    describe('functions', () => {
      it('are named in order, those of their database alone', async () => {
        expect(await stage.reader.functionNames(READER_DATABASE)).toEqual(FUNCTION_NAMES);
        expect(await stage.reader.functionNames(EMPTY_DATABASE)).toEqual([]);
      });
      it('of an unknown database are none', async () => {
        expect(await stage.reader.functionNames('ct_reader_nowhere')).toEqual([]);
      });
    });

    describe('table names', () => {
      it('hold tables and views, sorted', async () => {
        expect(await pagesOf(stage.reader.tableNames(READER_DATABASE))).toEqual([TABLE_NAMES]);
      });
      it('come in pages of the size asked for', async () => {
        const pages = await pagesOf(stage.reader.tableNames(MANY_DATABASE, { pageSize: 500 }));
        expect(pages.map((page) => page.length)).toEqual([500, 500, 1]);
        expect(pages.flat()).toEqual(manyNames);
      });
      it('of an empty and of an unknown database give no page', async () => {
        expect(await pagesOf(stage.reader.tableNames(EMPTY_DATABASE))).toEqual([]);
        expect(await pagesOf(stage.reader.tableNames('ct_reader_nowhere'))).toEqual([]);
      });
    });

    describe('tables', () => {
      it('come in the order asked for, an insert-only one among them', async () => {
        const names = ['plain', 'insert_only', 'bucketed', 'a_view'];
        expect((await read(...names)).map(({ name }) => name)).toEqual(names);
      });
      it('are refused beyond 1,000 at once', async () => {
        await expect(stage.reader.tables(MANY_DATABASE, manyNames)).rejects.toMatchObject({ code: 'METASTORE_TOO_MANY_NAMES' });
      });
      if (many) {
        it('are read 1,000 at once', async () => {
          const tables = await stage.reader.tables(MANY_DATABASE, manyNames.slice(0, 1000));
          expect(tables.map(({ name }) => name)).toEqual(manyNames.slice(0, 1000));
        });
        it('come all of a thousand in the order of their names', async () => {
          const batches = await pagesOf(stage.reader.allTables(MANY_DATABASE));
          expect(batches.flat().map(({ name }) => name)).toEqual(manyNames);
        });
      }
      it('come all in the order of their names, streamed', async () => {
        expect((await pagesOf(stage.reader.allTables(READER_DATABASE))).flat()).toEqual(await read(...TABLE_NAMES));
        expect(await pagesOf(stage.reader.allTables('ct_reader_nowhere'))).toEqual([]);
      });
      it('keep quotes and unicode in comments and properties', async () => {
        const plain = await readOne('plain');
        expect(plain.parameters).toMatchObject({ comment: TABLE_COMMENT, quoted: 'a "b" ; c' });
        expect(plain.storage.columns).toEqual([
          { name: 'id', type: 'int', comment: COLUMN_COMMENT },
          { name: 'v', type: 'string' },
        ]);
      });
      it('have an owner, a location and no placeholder for what is absent', async () => {
        const plain = await readOne('plain');
        expect(plain).toMatchObject({ database: READER_DATABASE, tableType: 'EXTERNAL_TABLE', owner: { name: 'hive', type: 'USER' } });
        expect(plain.storage.location).toMatch(/^hdfs:.*plain$/);
        expect(Object.keys(plain)).not.toContain('viewOriginalText');
        expect(Object.keys(plain.storage)).not.toContain('skewed');
        expect(plain.storage).toMatchObject({
          numBuckets: 0,
          bucketColumns: [],
          sortColumns: [],
          compressed: false,
          storedAsSubDirectories: false,
        });
      });
      it('are bucketed and sorted in both directions', async () => {
        expect((await readOne('bucketed')).storage).toMatchObject({
          numBuckets: 4,
          bucketColumns: ['id'],
          sortColumns: [
            { column: 'id', order: 'DESC' },
            { column: 'v', order: 'ASC' },
          ],
        });
      });
      it('are skewed, with directories', async () => {
        const { skewed, storedAsSubDirectories } = (await readOne('skewed')).storage;
        expect(skewed?.columns).toEqual(['id', 'v']);
        expect([...(skewed?.values ?? [])].sort()).toEqual([
          ['1', 'a'],
          ['2', 'b'],
        ]);
        expect(storedAsSubDirectories).toBe(true);
      });
      it('are managed and say that they are insert-only', async () => {
        expect(await readOne('insert_only')).toMatchObject({
          tableType: 'MANAGED_TABLE',
          parameters: { transactional: 'true', transactional_properties: 'insert_only' },
        });
      });
      it('have partition keys with comments, apart from the columns', async () => {
        const parts = await readOne('parts');
        expect(parts.partitionKeys).toEqual([
          { name: 'dt', type: 'string', comment: 'day' },
          { name: 'n', type: 'int' },
        ]);
        expect(parts.storage.columns).toEqual([{ name: 'id', type: 'int' }]);
      });
      it('that are views have both texts, comments and no location', async () => {
        const view = await readOne('a_view');
        expect(view).toMatchObject({
          tableType: 'VIRTUAL_VIEW',
          viewOriginalText: `select id from ${READER_DATABASE}.plain`,
          parameters: { comment: 'a view' },
        });
        expect(view.viewExpandedText).toContain('`plain`.`id`');
        expect(view.storage.columns).toEqual([{ name: 'x', type: 'int', comment: 'from plain' }]);
        expect(view.storage.location).toBeUndefined();
      });
      it('that vanished are left out, wherever they were', async () => {
        await stage.dropTable(READER_DATABASE, 'vanishing');
        expect((await read('plain', 'vanishing', 'parts')).map(({ name }) => name)).toEqual(['plain', 'parts']);
        expect(await read('vanishing')).toEqual([]);
        expect(await stage.reader.tables('ct_reader_nowhere', ['plain'])).toEqual([]);
        expect(await read()).toEqual([]);
      });
    });

    describe('partitions', () => {
      const partitionsOf = async (table: string): Promise<readonly Partition[]> =>
        (await pagesOf(stage.reader.partitions(READER_DATABASE, table))).flat();

      it('come in the order of their names with decoded values, the default one too', async () => {
        const values = (await partitionsOf('parts')).map((partition) => partition.values);
        expect(new Set(values.map(String))).toEqual(new Set(PARTITION_VALUES.map(String)));
        // Escaped: %253A, 2024-01-01, __HIVE_DEFAULT_PARTITION__, a%3Db, größe, sp ace, x%2Fy.
        expect(values.map(([day]) => day)).toEqual(['%3A', '2024-01-01', '__HIVE_DEFAULT_PARTITION__', 'a=b', 'größe', 'sp ace', 'x/y']);
      });
      it('keep a format and location of their own', async () => {
        const partitions = await partitionsOf('parts');
        const orc = partitions.filter(({ storage }) => storage.serde.serializationLib === 'org.apache.hadoop.hive.ql.io.orc.OrcSerde');
        expect(orc.map(({ values }) => values)).toEqual([ORC_PARTITION]);
        for (const { storage } of partitions) expect(storage.location).toContain(`${stage.dataRoot}/parts/`);
      });
      if (many) {
        it('come in batches of at most 1,000, all of them', async () => {
          const batches = await pagesOf(stage.reader.partitions(READER_DATABASE, manyPartitions));
          expect(Math.max(...batches.map(({ length }) => length))).toBeLessThanOrEqual(1000);
          const values = batches.flat().map((partition) => partition.values[0]);
          const numbers = Array.from({ length: NUMBERED_PARTITIONS[manyPartitions] }, (_, i) => String(i));
          expect(values).toEqual(numbers.sort((a, b) => (`p=${a}` < `p=${b}` ? -1 : 1)));
        });
      }
      it('of an unpartitioned and of an unknown table are none', async () => {
        expect(await partitionsOf('plain')).toEqual([]);
        expect(await partitionsOf('ct_nothing')).toEqual([]);
      });
      it('are left untouched when they are added again', async () => {
        const before = await partitionsOf('parts');
        const elsewhere = contractPartitions(() => `${stage.dataRoot}/elsewhere`);
        await stage.writer.addPartitions({ database: READER_DATABASE, table: 'parts', partitions: elsewhere });
        expect(await partitionsOf('parts')).toEqual(before);
      });
      it('come to lie elsewhere where they lie as it is said, with all else that they are', async () => {
        // Times and statistics are the metastore's.
        const described = async () => (await partitionsOf('parts')).map(({ values, storage }) => ({ values, storage }));
        const before = await described();
        const table = { database: READER_DATABASE, table: 'parts' };
        const [strayed, ...moves] = before.map((partition, index) => moveOf(partition, `${stage.dataRoot}/moved %3D/${index}`));
        if (strayed === undefined) throw new Error('there are no partitions');
        const passedOver = [
          { ...strayed, from: strayed.to },
          { ...strayed, name: 'dt=never/n=1' },
        ];
        for (const _ of ['once', 'twice']) await stage.writer.movePartitions({ ...table, moves: [...passedOver, ...moves] });
        const [first, ...others] = before;
        expect(await described()).toEqual([
          first,
          ...others.map(({ values, storage }, index) => ({ values, storage: { ...storage, location: moves[index]?.to } })),
        ]);
        const back = moves.map(({ name, from, to }) => ({ name, from: to, to: from }));
        await stage.writer.movePartitions({ ...table, moves: back });
        expect(await described()).toEqual(before);
      });
      it('are dropped by their names, and no other', async () => {
        const before = await partitionsOf('parts');
        const table = { database: READER_DATABASE, table: 'parts' };
        const keys = [
          { name: 'dt', type: 'string' },
          { name: 'n', type: 'int' },
        ];
        const [kept, ...gone] = before;
        if (kept === undefined) throw new Error('there are no partitions');
        const names = gone.map(({ values }) => partitionName(keys, values));
        for (const _ of ['once', 'twice']) await stage.writer.dropPartitions({ ...table, names: [...names, 'dt=never/n=1'] });
        expect(await partitionsOf('parts')).toEqual([kept]);
        await stage.writer.addPartitions({ ...table, partitions: gone });
        expect((await partitionsOf('parts')).map(({ values }) => values)).toEqual(before.map(({ values }) => values));
      });
      it('cannot be added to a table that is not there', async () => {
        const request = {
          database: READER_DATABASE,
          table: 'ct_nothing',
          partitions: contractPartitions(() => `${stage.dataRoot}/nothing`),
        };
        const fault: unknown = await stage.writer.addPartitions(request).catch((cause: unknown) => cause);
        expect(fault).toBeInstanceOf(MigrationError);
        expect(fault).toMatchObject({ code: 'METASTORE_CALL_FAILED', subject: `${READER_DATABASE}.ct_nothing` });
      });
    });
  });
}

async function pagesOf<T>(pages: AsyncIterable<T>): Promise<readonly T[]> {
  const all: T[] = [];
  for await (const page of pages) all.push(page);
  return all;
}
