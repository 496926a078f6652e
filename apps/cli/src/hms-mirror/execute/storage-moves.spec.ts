import { describe, expect, it } from 'vitest';
import type { TableScript } from '@hiveferry/core';
import { mapOfMoves, partingMoves, storageMovesOf } from './storage-moves.ts';

type Statements = TableScript['statements'];

const said = (partition: string, location: string): string => `ALTER TABLE \`shop\`.\`orders\`${partition} SET LOCATION '${location}'`;
const statement = (partition: string, [from, to]: readonly [string, string]): Statements[number] => ({
  side: 'source',
  phase: 'execute',
  purpose: 'set-location',
  sql: said(partition, to),
  undo: { kind: 'statements', sql: [said(partition, from)] },
});

const TABLE = statement('', ["hdfs://nn/o\\'rders", "s3a://lake/o\\'rders"]);
const INSIDE = statement(" PARTITION (`d`='1')", ["hdfs://nn/o\\'rders/d=1", "s3a://lake/o\\'rders/d=1"]);
const OUTSIDE = statement(" PARTITION (`d`='2')", ['hdfs://nn/far', 's3a://lake/near']);

describe('places that a script changes', () => {
  it('are read from what it says and how that is taken back', () => {
    expect(storageMovesOf({ strategy: 'STORAGE_MIGRATION', statements: [TABLE, OUTSIDE] })).toEqual([
      { from: "hdfs://nn/o'rders", to: "s3a://lake/o'rders" },
      { from: 'hdfs://nn/far', to: 's3a://lake/near', partition: "`d`='2'" },
    ]);
  });

  it('are not looked for in other strategies', () => {
    expect(storageMovesOf({ strategy: 'CONVERT_LINKED', statements: [TABLE] })).toBeUndefined();
  });

  it('make a map without what another entry covers', () => {
    const moves = storageMovesOf({ strategy: 'STORAGE_MIGRATION', statements: [TABLE, INSIDE, OUTSIDE] }) ?? [];
    expect(mapOfMoves(moves)).toEqual([
      { from: "hdfs://nn/o'rders", to: "s3a://lake/o'rders" },
      { from: 'hdfs://nn/far', to: 's3a://lake/near' },
    ]);
  });

  it('part from the table where a partition below it goes elsewhere', () => {
    const parting = statement(" PARTITION (`d`='3')", ["hdfs://nn/o\\'rders/d=3", 's3a://lake/three']);
    const moves = storageMovesOf({ strategy: 'STORAGE_MIGRATION', statements: [TABLE, INSIDE, OUTSIDE, parting] }) ?? [];
    expect(partingMoves(moves).map(({ to }) => to)).toEqual(['s3a://lake/three']);
  });
});
