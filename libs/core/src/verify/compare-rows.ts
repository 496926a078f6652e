import type { Finding, Measurement } from '../model/evidence.ts';
import { displayName } from '../model/table.ts';
import type { Parameters, Partition, Table } from '../model/table.ts';
import type { TablePlan } from '../model/plan.ts';
import { compare, finding } from '../compare/findings.ts';

/** What the target's metastore says, for a look at the statistics it claims. */
export interface FoundMetadata {
  readonly table?: Table;
  readonly partitions: readonly Partition[];
}

/** Compares counted rows, and the rows that the target's statistics claim with those. */
export function compareRows(
  plan: TablePlan,
  sides: { readonly source: Measurement; readonly target: Measurement },
  found: FoundMetadata,
): readonly Finding[] {
  const subject = displayName(plan.target);
  const { source, target } = sides;
  if (source.rows === undefined || target.rows === undefined) {
    const values = { expected: source.rows ?? why(source), found: target.rows ?? why(target) };
    return [finding('ROWS_NOT_COUNTED', subject, values)];
  }
  const claimed = claimedRows(found, plan.partitions.length);
  return [
    ...compare('ROWS_DIFFER', subject, { expected: source.rows, found: target.rows }),
    ...(claimed === undefined ? [] : compare('STATISTICS_DIFFER', subject, { expected: target.rows, found: claimed })),
  ];
}

/** The table's own claim, else the sum of the partitions' when each of them makes one. */
function claimedRows({ table, partitions }: FoundMetadata, planned: number): string | undefined {
  const own = claimOf(table?.parameters ?? {});
  if (own !== undefined) return own;
  const claims = partitions.flatMap(({ parameters }) => claimOf(parameters) ?? []);
  if (claims.length === 0 || claims.length !== partitions.length || partitions.length !== planned) return undefined;
  return claims.reduce((sum, claim) => sum + BigInt(claim), 0n).toString();
}

/** -1 means unknown; Hive writes 0 for tables whose files it has not counted, which is a claim only when marked accurate. */
function claimOf(parameters: Parameters): string | undefined {
  const claim = parameters['numRows'];
  if (claim === undefined || !/^\d+$/.test(claim)) return undefined;
  const isAccurate = parameters['COLUMN_STATS_ACCURATE']?.includes('BASIC_STATS') === true;
  return BigInt(claim) > 0n || isAccurate ? BigInt(claim).toString() : undefined;
}

function why({ rowsNotCountedBecause }: Measurement): string {
  return rowsNotCountedBecause ?? 'not counted';
}
