import { partitionName } from '@hiveferry/core';
import type { Column, Database, Owner, Partition } from '@hiveferry/core';
import { stringify } from 'yaml';
import type { SideName } from './mirror-sides.ts';

/** One table of one side, as a data set of hms-mirror says it. */
export interface RecordedSide {
  readonly definition: readonly string[];
  readonly partitionKeys: readonly Column[];
  readonly partitions: readonly Partition[];
  readonly owner?: string;
  readonly size?: RecordedSize;
}

export interface RecordedSize {
  readonly bytes: number;
  readonly files: number;
  /** Of a partitioned table. */
  readonly partitions?: number;
}

const SIDES = ['LEFT', 'RIGHT'] as const satisfies readonly SideName[];

/** Begins a data set. */
export const DATA_SET_HEAD = 'databases:\n';

/** @returns the head of a database, after which its tables follow */
export function databaseText(name: string, sides: Partial<Record<SideName, Database>>, functions: readonly string[] = []): string {
  const properties = Object.fromEntries(
    SIDES.flatMap((side) => {
      const database = sides[side];
      return database === undefined ? [] : [[side, propertiesOf(database)]];
    }),
  );
  return `${indented(block({ [name]: { ...(functions.length === 0 ? {} : { functions }), properties } }), 2)}    tableMirrors:\n`;
}

export function tableText(name: string, sides: Partial<Record<SideName, RecordedSide>>): string {
  const environments = Object.fromEntries(SIDES.map((side) => [side, sideOf(sides[side])]));
  return indented(block({ [name]: { name, environments } }), 6);
}

function propertiesOf({ name, locationUri, managedLocationUri, description, owner, parameters }: Database): object {
  return {
    DB_NAME: name,
    ...(locationUri === undefined ? {} : { LOCATION: locationUri }),
    ...(managedLocationUri === undefined ? {} : { MANAGEDLOCATION: managedLocationUri }),
    ...(description === undefined ? {} : { COMMENT: description }),
    ...ownerOf(owner),
    ...parameters,
  };
}

const ownerOf = (owner: Owner | undefined): object => (owner === undefined ? {} : { OWNER_NAME: owner.name, OWNER_TYPE: owner.type });

function sideOf(side: RecordedSide | undefined): object {
  if (side === undefined) return { exists: false, definition: [], partitions: {} };
  const { definition, partitionKeys, partitions, owner, size } = side;
  return {
    exists: true,
    ...(owner === undefined ? {} : { owner }),
    definition,
    ...(size === undefined ? {} : { statistics: statisticsOf(size) }),
    partitions: Object.fromEntries(
      partitions.map(({ values, storage }) => [partitionName(partitionKeys, values), storage.location ?? 'NOT_SET']),
    ),
  };
}

/** Under the peer's names. */
function statisticsOf({ bytes, files, partitions }: RecordedSize): object {
  return { 'data.size': bytes, 'file.count': files, ...(partitions === undefined ? {} : { 'partition.count': partitions }) };
}

/** All texts in quotes: none of them is to be taken for a number, a date or an anchor. */
const block = (value: object): string =>
  stringify(value, { lineWidth: 0, defaultStringType: 'QUOTE_DOUBLE', defaultKeyType: 'QUOTE_DOUBLE', aliasDuplicateObjects: false });

function indented(text: string, by: number): string {
  const space = ' '.repeat(by);
  return text.replaceAll(/^(?=.)/gm, space);
}
