import type { TableScript } from '@hiveferry/core';

/** A directory that its script sends elsewhere. */
export interface StorageMove {
  readonly from: string;
  readonly to: string;
  /** Absent for the table's own. */
  readonly partition?: string;
}

/** What STORAGE_MIGRATION by DISTCP does with the places of one table: each SET LOCATION says where to, and its undo where from. */
export function storageMovesOf({ strategy, statements }: Pick<TableScript, 'strategy' | 'statements'>): readonly StorageMove[] | undefined {
  if (strategy !== 'STORAGE_MIGRATION') return undefined;
  return statements.flatMap(({ purpose, sql, undo }) => {
    if (purpose !== 'set-location' || undo.kind !== 'statements') return [];
    const [to, from] = [placeIn(sql), placeIn(undo.sql[0] ?? '')];
    const [, partition] = / PARTITION \((.*)\) SET LOCATION /s.exec(sql) ?? [];
    return to === undefined || from === undefined ? [] : [{ from, to, ...(partition === undefined ? {} : { partition }) }];
  });
}

/** Partitions below their table that would not go with it: the service lets each keep its place there. */
export function partingMoves(moves: readonly StorageMove[]): readonly StorageMove[] {
  const table = moves.find(({ partition }) => partition === undefined);
  if (table === undefined) return moves;
  const [from, to] = [bare(table.from), bare(table.to)];
  return moves.filter((move) => move.from.startsWith(`${from}/`) && bare(move.to) !== `${to}${bare(move.from).slice(from.length)}`);
}

/** Entries of a request's location map: those that another one covers are left out. */
export function mapOfMoves(moves: readonly StorageMove[]): readonly Pick<StorageMove, 'from' | 'to'>[] {
  const sent = new Map(moves.map(({ from, to }) => [bare(from), bare(to)]));
  const isCovered = (from: string, to: string): boolean => {
    for (let at = from; at.includes('/');) {
      const cut = at.lastIndexOf('/');
      const rest = from.slice(cut);
      at = at.slice(0, cut);
      const above = sent.get(at);
      if (above !== undefined) return `${above}${rest}` === to;
    }
    return false;
  };
  return [...sent].filter(([from, to]) => !isCovered(from, to)).map(([from, to]) => ({ from, to }));
}

function placeIn(sql: string): string | undefined {
  const [, place] = / SET LOCATION '((?:[^'\\]|\\.)*)'$/s.exec(sql) ?? [];
  return place?.replaceAll(/\\(.)/gs, '$1');
}

const bare = (location: string): string => location.replace(/\/+$/, '');
