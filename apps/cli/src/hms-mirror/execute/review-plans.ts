import type { TableDetail } from '@hiveferry/contracts';
import { inOrder } from '@hiveferry/core';
import type { PlannedRun } from '../../execute/plan-requests.ts';
import type { PlannedDatabase, PlannedTable } from './planned-tables.ts';
import { NOTHING_FOUND, isSamePlace, joined, refusal } from './review.ts';
import type { Review, Reviewing } from './review.ts';
import { reviewDatabase } from './review-database.ts';
import { partingMoves } from './storage-moves.ts';
import type { StorageMove } from './storage-moves.ts';

const TOGETHER = 8;

/**
 * Whether the service would make databases, tables and partitions where the scripts, which people may have reviewed, make them. What they
 * leave out and their own rules have a place for is a notice.
 */
export async function reviewPlans(
  databases: readonly PlannedDatabase[],
  plans: readonly PlannedRun[],
  reviewing: Reviewing,
): Promise<Review> {
  const found: Review[] = [];
  for (const { name, run } of plans) {
    const database = databases.find((candidate) => candidate.name === name);
    if (database === undefined) continue;
    const isMoved = [...database.tables.values()].some(({ moves }) => moves !== undefined);
    if (!isMoved) found.push(await reviewDatabase(database, run.id, reviewing));
    const placed = [...database.tables].filter(([, { place, unattached }]) => place !== undefined || unattached.length > 0);
    const look = async ([table, planned]: readonly [string, PlannedTable]): Promise<Review> => {
      const path = `/v1/runs/${run.id}/tables/${encodeURIComponent(name)}/${encodeURIComponent(table)}`;
      return reviewTable(await reviewing.service.get<TableDetail>(path), `${name}.${table}`, planned);
    };
    for await (const review of inOrder(placed, TOGETHER, look)) found.push(review);
  }
  return joined(found);
}

type Plan = NonNullable<TableDetail['plan']>;

function reviewTable({ plan }: TableDetail, table: string, planned: PlannedTable): Review {
  // What the service refuses it does not make anywhere.
  if (plan === undefined || plan.decision === 'REFUSED') return NOTHING_FOUND;
  const { moves } = planned;
  return joined([ofTable(plan, table, planned), moves === undefined ? ofPartitions(plan, table, planned) : ofMoves(plan, table, moves)]);
}

function ofTable({ mappings }: Plan, table: string, { place }: PlannedTable): Review {
  const mapping = mappings.find(({ subject }) => subject === 'table');
  if (mapping === undefined || place === undefined || isSamePlace(mapping.to, place)) return NOTHING_FOUND;
  return refusal(
    `${table}: its script makes it at ${place}, the service would at ${mapping.to} (${mapping.reason})`,
    'Say the place of its directory by userGlobalLocationMap (-glm)',
  );
}

/** Partitions below their table go with it; the others go where their own statement says. */
function ofMoves({ mappings }: Plan, table: string, moves: readonly StorageMove[]): Review {
  const sent = new Map(moves.map(({ from, to }) => [from.replace(/\/+$/, ''), to]));
  const differing = [
    ...partingMoves(moves).map(({ from }) => from),
    ...mappings.filter(({ from, to }) => !isSamePlace(sent.get(from) ?? '', to)).map(({ from }) => from),
  ];
  if (differing.length === 0) return NOTHING_FOUND;
  const named = differing.slice(0, NAMED).join(', ');
  return refusal(
    `${table}: the service would not send ${differing.length} of its directories where its script does: ${named}`,
    'Say the place of the directory that the table lies in by userGlobalLocationMap (-glm), or leave the table out (-tef)',
  );
}

const NAMED = 5;
/** Rules of partitions that Hive itself places, as it does in the scripts. */
const BY_HIVE: readonly string[] = ['written-by-insert', 'placed-by-import'];

/** Partitions that lie below their table go with it; Hive puts those that it writes itself where MSCK finds them. */
function ofPartitions({ mappings }: Plan, table: string, { unattached }: PlannedTable): Review {
  const places = new Map(unattached.map(({ name, place }) => [name, place]));
  const elsewhere = mappings.flatMap(({ partition, to, rule }) =>
    partition === undefined || BY_HIVE.includes(rule) ? [] : [{ partition, to, said: places.get(partition) }],
  );
  const differing = elsewhere.filter(({ to, said }) => said === undefined || !isSamePlace(to, said));
  if (differing.length > 0) {
    const named = differing.slice(0, NAMED).map(({ partition, to, said }) => `${partition} (${to}, not ${said ?? 'anywhere'})`);
    return refusal(
      `${table}: the service would attach ${differing.length} partitions where its script does not: ${named.join(', ')}`,
      'Say the places of their directories by userGlobalLocationMap (-glm), or leave the table out (-tef)',
    );
  }
  if (unattached.length === 0) return NOTHING_FOUND;
  const named = unattached.slice(0, NAMED).map(({ name }) => name);
  const notice = `${table}: ${unattached.length} partitions that MSCK of its script does not find are attached as well: ${named.join(', ')}`;
  return { refusals: [], notices: [notice] };
}
