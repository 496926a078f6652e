import { describe, expect, it } from 'vitest';
import type { TableScript } from '@hiveferry/core';
import { collectPlannedTables } from './planned-tables.ts';
import type { PlannedDatabase } from './planned-tables.ts';

const MANAGED = 'hdfs://new/managed/sales.db/';

function scriptOf(sql: string, parts: Partial<TableScript> = {}): TableScript {
  const statements = [{ side: 'target', phase: 'execute', purpose: 'create-table', sql, undo: { kind: 'not-needed' } } as const];
  return { name: 'orders', strategy: 'SQL', decision: 'MIGRATE', statements, issues: [], decisions: [], ...parts };
}

interface Given {
  readonly isSync?: boolean;
  readonly managedLocation?: string;
}

function collected(script: TableScript, { isSync = false, managedLocation }: Given = {}): PlannedDatabase {
  const directories = { location: 's3a://new/sales.db', ...(managedLocation === undefined ? {} : { managedLocation }) };
  const stream = { source: 'sales', target: 'dr_sales', directories };
  const target = { name: 'dr_sales', locationUri: 'hdfs://new/wh/dr_sales.db', parameters: {} };
  const tables = collectPlannedTables({ stream, database: { target }, isSync });
  tables.add(script);
  return tables.finish();
}

const placeIn = ({ tables }: PlannedDatabase): string | undefined => tables.get('orders')?.place;
const EXTERNAL = "CREATE EXTERNAL TABLE orders (id int) STORED AS ORC LOCATION 's3a://new/orders'";
const OF_HIVE = "CREATE TABLE orders (id int) STORED AS ORC TBLPROPERTIES ('transactional'='true')";

describe('what is executed of the scripts', () => {
  it('is where CREATE says', () => {
    expect(placeIn(collected(scriptOf(EXTERNAL)))).toBe('s3a://new/orders');
  });

  it('is in the managed directory that the database says, where Hive chooses', () => {
    expect(placeIn(collected(scriptOf(OF_HIVE), { managedLocation: MANAGED }))).toBe(`${MANAGED}orders`);
    expect(placeIn(collected(scriptOf(OF_HIVE)))).toBeUndefined();
  });

  it('is where SET LOCATION turns the table', () => {
    const partition = "ALTER TABLE `orders` PARTITION (`d`='1') SET LOCATION 's3a://new/orders/d=1'";
    const statements = [partition, "ALTER TABLE `orders` SET LOCATION 's3a://new/o\\'rders'"].map(
      (sql) => ({ side: 'target', phase: 'execute', purpose: 'set-location', sql, undo: { kind: 'not-needed' } }) as const,
    );
    expect(placeIn(collected(scriptOf('', { statements })))).toBe("s3a://new/o'rders");
  });

  it('is where IMPORT says, and in nobody knows which place where it says none', () => {
    const imported = (sql: string): TableScript => {
      const statement = { side: 'target', phase: 'execute', purpose: 'import', sql, undo: { kind: 'not-needed' } } as const;
      return scriptOf('', { strategy: 'EXPORT_IMPORT', statements: [statement] });
    };
    const importing = "IMPORT EXTERNAL TABLE `s`.`orders` FROM 'hdfs://old/export/orders'";
    expect(placeIn(collected(imported(`${importing} LOCATION 'hdfs://new/it\\'s'`)))).toBe("hdfs://new/it's");
    expect(placeIn(collected(imported(importing)))).toBeUndefined();
  });

  it('keeps where the database is to lie and where it stands', () => {
    expect(collected(scriptOf(EXTERNAL)).target).toEqual({
      name: 'dr_sales',
      location: 's3a://new/sales.db',
      standsAt: 'hdfs://new/wh/dr_sales.db',
    });
  });

  it.each([
    ['REFUSED', false, true],
    ['BY_HAND', true, true],
    ['LEFT_ALONE', false, true],
    ['LEFT_ALONE', true, false],
  ] as const)('leaves out %s (sync %s): %s', (decision, isSync, isOut) => {
    expect(collected(scriptOf('', { decision, statements: [] }), { isSync }).leftOut.includes('orders')).toBe(isOut);
  });

  it('tells what a sync would drop, which it does not execute', () => {
    const decisions = [{ rule: 'sync-drops', reason: 'gone' }];
    expect(collected(scriptOf('', { decisions, statements: [] }), { isSync: true })).toMatchObject({ dropped: ['orders'], leftOut: [] });
  });
});
