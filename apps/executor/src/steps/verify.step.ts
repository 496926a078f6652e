import { displayName, verifyTable } from '@hiveferry/core';
import type { Evidence, Measurement, TablePlan } from '@hiveferry/core';
import type { StepOutcome } from '@hiveferry/ports';
import { changedSince } from './changed-roots.ts';
import { listingDigest } from './list-files.ts';
import { readSource, readTarget } from './read-back.ts';
import { payloadOf, planOfStep, sourceTableOf } from './step-handler.ts';
import type { StepContext } from './step-handler.ts';

/**
 * Compares what the target holds now with the plan and the source. It only reads, so it runs twice as it is; evidence is appended, and ends
 * the table, unless something is still to be done with it.
 */
export async function verify(context: StepContext): Promise<StepOutcome> {
  const { plan, tableHash } = await planOfStep(context);
  const table = { runId: context.step.runId, target: context.step.target, source: sourceTableOf(context) };
  const found = await readTarget(context, plan);
  const measurements = await context.store.measurements(table);
  const copies = await context.store.results(table, 'copy');
  const changed =
    plan.relocation === undefined ? changedRoots(copies, measurements.source) : await writtenBehind(context, plan, measurements);
  const verified = verifyTable({
    plan,
    tableHash,
    ...found,
    ...measurements,
    ...(plan.relocation === undefined && { sourceNow: await readSource(context, plan) }),
    changedRoots: changed,
    verifiedAt: context.now().toISOString(),
  });
  const evidence = withSourceChanges(verified, changed);
  const { verdict, level, counts } = evidence;
  const result = { verdict, ...(level !== undefined && { level }), findings: evidence.findings.length, ...counts };
  return payloadOf(context, 'verify').before === undefined ? { evidence, result } : { result };
}

/** A statement that began before the table moved may have ended at the old place, where nobody looks any more. */
async function writtenBehind(
  context: StepContext,
  plan: TablePlan,
  { source }: { readonly source?: Measurement },
): Promise<readonly string[]> {
  return source === undefined ? [] : await changedSince(context, plan, source);
}

/** Copy roots that the source wrote to after their copy: the digest of the copy's listing is not that of the measurement. */
function changedRoots(copies: ReadonlyMap<string, Readonly<Record<string, unknown>>>, source: Measurement | undefined): readonly string[] {
  if (source === undefined) return [];
  return [...copies]
    .filter(([id, { sourceDigest }]) => sourceDigest !== listingDigest(source.files.filter(({ root }) => root === id)))
    .map(([id]) => id);
}

/** A table that differs because its source went on has that said first; one that agrees nevertheless needs no excuse. */
function withSourceChanges(evidence: Evidence, changed: readonly string[]): Evidence {
  if (evidence.verdict === 'VERIFIED' || changed.length === 0) return evidence;
  if (evidence.findings.some(({ code }) => code === 'SOURCE_CHANGED')) return evidence;
  const finding = {
    code: 'SOURCE_CHANGED',
    subject: displayName(evidence.table),
    expected: 'the source as it was copied',
    found: `files written since: ${changed.join(', ')}`,
  };
  return { ...evidence, findings: [finding, ...evidence.findings] };
}
