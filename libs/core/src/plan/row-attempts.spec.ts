import { describe, expect, it } from 'vitest';
import type { InsertMove } from '../model/row-move.ts';
import { planTable } from '../pipeline.ts';
import { aTable, anInput } from '../testing/builders.ts';
import { attemptName, attemptTables, insertStatements, isOfAttempt, stemOf, transferStatements } from './row-attempts.ts';

const STEP = '0b7f7e5e-0000-4000-8000-00000000002a';
const acid = aTable({ tableType: 'MANAGED_TABLE', parameters: { transactional: 'true' } });
function rowsOf(table = aTable()): InsertMove {
  const { rows } = planTable(anInput({ table, settings: { strategy: 'SQL' } }));
  if (rows === undefined || 'exports' in rows) throw new Error('the plan inserts no rows');
  return rows;
}

describe('attempts to move rows', () => {
  it('have names that no other step and no other fence has, and that their step knows again', () => {
    const names = [attemptName(STEP, '7'), attemptName(STEP, '71'), attemptName(STEP.replace('2a', '2b'), '7')];
    expect(new Set(names).size).toBe(3);
    expect(names.map((name) => isOfAttempt(`hiveferry_working_${name}`, stemOf(STEP)))).toEqual([true, true, false]);
    expect(isOfAttempt(`p4_shop__x_${names[0] ?? ''}`, stemOf(STEP))).toBe(false);
  });

  it('write to a directory of their own, hidden beside the destination and on its file system', () => {
    const { working } = attemptTables(rowsOf(), 'a_1');
    expect(working.storage.location).toBe('hdfs://right:9020/data/shop/.hiveferry-a_1');
    expect(rowsOf().destination).toBe('hdfs://right:9020/data/shop/orders');
  });

  it('read the files of the source, or what the accepted attempt of the transfer wrote', () => {
    expect(attemptTables(rowsOf(), 'a_1').shadow.storage.location).toBe('hdfs://left:8020/data/shop/orders');
    const place = 'hdfs://left:8020/warehouse/external/.hiveferry-b_9';
    expect(attemptTables(rowsOf(acid), 'a_1', place).shadow.storage.location).toBe(place);
  });

  it('own no file of any table that they drop', () => {
    const { transfer, shadow, working } = attemptTables(rowsOf(acid), 'a_1');
    expect([transfer, shadow, working].map((table) => table?.parameters['external.table.purge'])).toEqual(['false', 'false', 'false']);
    expect([transfer, shadow, working].map((table) => table?.tableType)).toEqual(['EXTERNAL_TABLE', 'EXTERNAL_TABLE', 'EXTERNAL_TABLE']);
  });

  it('run no statement on the source for a table that the target reads by itself', () => {
    const tables = attemptTables(rowsOf(), 'a_1');
    expect(transferStatements(tables, { database: 'shop', table: 'orders' })).toEqual([]);
    expect(insertStatements(tables).map(({ side, purpose }) => `${purpose} on ${side}`)).toEqual([
      'create-shadow on target',
      'create-working on target',
      'insert-rows on target',
    ]);
  });
});
