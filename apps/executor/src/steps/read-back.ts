import { MigrationError, displayName, verifyTable } from '@hiveferry/core';
import type { Finding, Partition, SourceNow, Table, TableName, TablePlan } from '@hiveferry/core';
import type { MetastoreReader } from '@hiveferry/ports';
import type { StepContext } from './step-handler.ts';

const SHOWN_FINDINGS = 5;

export interface FoundTable {
  readonly foundTable?: Table;
  readonly foundPartitions: readonly Partition[];
}

/** The table of a plan as the target's metastore holds it now. */
export async function readTarget(context: StepContext, plan: TablePlan): Promise<FoundTable> {
  const { table, partitions } = await readNow(context.target.metastore, plan.target);
  return { ...(table !== undefined && { foundTable: table }), foundPartitions: partitions };
}

/** The table of a plan as the source's metastore holds it now: it may have changed since the plan. */
export async function readSource(context: StepContext, plan: TablePlan): Promise<SourceNow> {
  return { ...(await readNow(context.source.metastore, plan.source)), namespace: context.source.facts.namespace };
}

async function readNow(
  metastore: MetastoreReader,
  name: TableName,
): Promise<{ readonly table?: Table; readonly partitions: readonly Partition[] }> {
  const [table] = await metastore.tables(name.database, [name.table]);
  if (table === undefined) return { partitions: [] };
  const partitions: Partition[] = [];
  if (table.partitionKeys.length > 0) {
    for await (const batch of metastore.partitions(name.database, name.table)) partitions.push(...batch);
  }
  return { table, partitions };
}

/** `table` leaves partitions out: they come later. */
type Scope = 'table' | 'partitions';

/** "OK" of a server is no proof: what stands there is compared with the plan. Fault READ_BACK_DIFFERS. */
export async function compareWithTarget(context: StepContext, plan: TablePlan, scope: Scope): Promise<void> {
  const { findings } = await differencesOnTarget(context, plan, scope);
  if (findings.length > 0) throw differs(plan, findings);
}

/** What stands on the target, and how its metadata differ from the plan. */
export interface TargetDifferences {
  readonly found: FoundTable;
  readonly findings: readonly Finding[];
}

export async function differencesOnTarget(context: StepContext, plan: TablePlan, scope: Scope): Promise<TargetDifferences> {
  const found = await readTarget(context, plan);
  const asked = { ...plan, proof: 'metadata' as const };
  const { findings } =
    scope === 'table'
      ? verifyTable({ ...found, foundPartitions: [], plan: { ...asked, partitions: [] }, tableHash: '', verifiedAt: '' })
      : verifyTable({ ...found, plan: asked, tableHash: '', verifiedAt: '' });
  return { found, findings };
}

function differs(plan: TablePlan, findings: readonly Finding[]): MigrationError {
  const subject = displayName(plan.target);
  const shown = findings
    .slice(0, SHOWN_FINDINGS)
    .map(({ code, subject: of, expected, found }) => `${code} ${of}: expected ${expected}, found ${found}`);
  const more = findings.length > SHOWN_FINDINGS ? ` and ${String(findings.length - SHOWN_FINDINGS)} more` : '';
  return new MigrationError(
    'READ_BACK_DIFFERS',
    `${subject} is not as planned after the statement: ${shown.join('; ')}${more}. Repair or drop it on the target, then resume`,
    {
      category: 'conflict',
      retry: 'operator',
      subject,
      detail: { findings: findings.slice(0, SHOWN_FINDINGS) },
    },
  );
}
