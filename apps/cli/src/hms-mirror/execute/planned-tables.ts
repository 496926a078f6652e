import { parseCreate } from '@hiveferry/core';
import type { DatabaseHead, ScriptStream, TableScript } from '@hiveferry/core';
import { storageMovesOf } from './storage-moves.ts';
import type { StorageMove } from './storage-moves.ts';

/** What the scripts of one database do, as far as executing must know it. */
export interface PlannedDatabase {
  readonly name: string;
  /** The database of the target; absent when nothing is planned for it. */
  readonly target?: PlannedTarget;
  /** Tables that are executed. */
  readonly tables: ReadonlyMap<string, PlannedTable>;
  /** Tables of the source that are not executed. */
  readonly leftOut: readonly string[];
  /** Tables that the scripts drop, since the source no longer has them. */
  readonly dropped: readonly string[];
}

export interface PlannedTarget {
  readonly name: string;
  /** Where the scripts leave it; absent where they let Hive choose. */
  readonly location?: string;
  /** Set when it is on the target already, and lies there until the scripts are run; empty when that is not recorded. */
  readonly standsAt?: string;
}

export interface PlannedTable {
  /** STORAGE_MIGRATION: where its directories come from and go. */
  readonly moves?: readonly StorageMove[];
  /** Where its script makes it; absent where it makes none, or lets Hive choose. */
  readonly place?: string;
  /** Partitions that its script does not attach, with the places that its rules have for them. */
  readonly unattached: NonNullable<TableScript['unattached']>;
}

/** Takes the tables of one database as their scripts are written. */
export interface PlannedTables {
  readonly add: (script: TableScript) => void;
  readonly leaveOut: (table: string) => void;
  readonly finish: () => PlannedDatabase;
}

export const nothingPlanned = (name: string): PlannedDatabase => ({ name, tables: new Map(), leftOut: [], dropped: [] });

/** For a run that executes nothing. */
export const collectNothing = (name: string): PlannedTables => ({
  add: () => undefined,
  leaveOut: () => undefined,
  finish: () => nothingPlanned(name),
});

/** What the tables of a database are collected for. */
interface Collecting {
  readonly stream: Pick<ScriptStream, 'source' | 'target' | 'directories'>;
  /** As it is recorded, with the database of the target where that stands. */
  readonly database: Pick<DatabaseHead, 'target'>;
  readonly isSync: boolean;
}

export function collectPlannedTables({ stream, database, isSync }: Collecting): PlannedTables {
  const tables = new Map<string, PlannedTable>();
  const leftOut: string[] = [];
  const dropped: string[] = [];
  return {
    add: (script) => {
      if (script.decisions.some(({ rule }) => rule === 'sync-drops')) dropped.push(script.name);
      else if (script.decision === 'REFUSED' || script.decision === 'BY_HAND' || (script.decision === 'LEFT_ALONE' && !isSync))
        leftOut.push(script.name);
      else tables.set(script.name, plannedTable(script, stream));
    },
    leaveOut: (table) => {
      leftOut.push(table);
    },
    finish: () => ({ name: stream.source, target: targetOf(stream, database), tables, leftOut, dropped }),
  };
}

function targetOf({ target: name, directories: { location } }: Collecting['stream'], { target }: Collecting['database']): PlannedTarget {
  return {
    name,
    ...(location === undefined ? {} : { location }),
    ...(target === undefined ? {} : { standsAt: target.locationUri ?? '' }),
  };
}

const NONE: PlannedTable['unattached'] = [];

function plannedTable(script: TableScript, stream: Collecting['stream']): PlannedTable {
  const moves = storageMovesOf(script);
  const place = moves === undefined ? placeOf(script, stream) : moves.find(({ partition }) => partition === undefined)?.to;
  return {
    ...(moves === undefined ? {} : { moves }),
    ...(place === undefined ? {} : { place }),
    unattached: script.unattached ?? NONE,
  };
}

/** Where a table that stands is turned to. */
function placeSetBy(statements: TableScript['statements']): string | undefined {
  const set = statements.find(({ side, purpose, sql }) => side === 'target' && purpose === 'set-location' && !/ PARTITION \(/.test(sql));
  const [, place] = / SET LOCATION '((?:[^'\\]|\\.)*)'$/s.exec(set?.sql ?? '') ?? [];
  return place?.replaceAll(/\\(.)/gs, '$1');
}

/** Where a table is imported. */
function placeImported(statements: TableScript['statements']): string | undefined {
  const sql = statements.find(({ side, purpose }) => side === 'target' && purpose === 'import')?.sql ?? '';
  const [, place] = / LOCATION '((?:[^'\\]|\\.)*)'$/s.exec(sql) ?? [];
  return place?.replaceAll(/\\(.)/gs, '$1');
}

/** Where the script makes the table. Of one whose place Hive chooses it is known where the database says its managed directory. */
function placeOf({ name, statements }: TableScript, { source, directories }: Collecting['stream']): string | undefined {
  const create = statements.find(({ side, purpose }) => side === 'target' && purpose === 'create-table');
  if (create === undefined) return placeSetBy(statements) ?? placeImported(statements);
  const parsed = parseCreate(create.sql, { database: source });
  if (parsed.kind === 'syntax-error') return undefined;
  const { tableType, storage } = parsed.table;
  const { managedLocation } = directories;
  if (storage.location !== undefined || tableType !== 'MANAGED_TABLE' || managedLocation === undefined) return storage.location;
  return `${managedLocation.replace(/\/+$/, '')}/${name}`;
}
