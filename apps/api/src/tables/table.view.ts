import type { Step, TableDetail, TableSummary } from '@hiveferry/contracts';
import { describeFinding, describeHazard, describeIssue } from '@hiveferry/core';
import type { Evidence, Hazard, Issue, TablePlan } from '@hiveferry/core';
import type { StepRecord, TableRecord } from '@hiveferry/ports';

const SHOWN_MAPPINGS = 1000;
const SHOWN_PARTITIONS = 100;

/** A table as the API shows it: codes with their words. */
export function tableSummaryOf(record: TableRecord): TableSummary {
  const { evidence, issues, hazards, ...kept } = record;
  return {
    ...kept,
    issues: issues.map(issueView),
    hazards: hazards.map(hazardView),
    ...(evidence === undefined ? {} : { evidence: evidenceView(evidence) }),
  };
}

export function tableDetailOf(record: TableRecord, plan: TablePlan | undefined, steps: readonly StepRecord[]): TableDetail {
  return { ...tableSummaryOf(record), ...(plan === undefined ? {} : { plan: planView(plan) }), steps: steps.map(stepView) };
}

export const issueView = (issue: Issue): TableSummary['issues'][number] => ({
  ...issue,
  detail: detailView(issue.detail),
  ...describeIssue(issue),
});

const hazardView = (hazard: Hazard): TableSummary['hazards'][number] => ({
  ...hazard,
  detail: detailView(hazard.detail),
  ...describeHazard(hazard),
});

function evidenceView({ leftBehind, ...evidence }: Evidence): NonNullable<TableSummary['evidence']> {
  return {
    ...evidence,
    findings: evidence.findings.map((finding) => ({ ...finding, text: describeFinding(finding) })),
    notCompared: [...evidence.notCompared],
    ...(leftBehind === undefined ? {} : { leftBehind: [...leftBehind] }),
  };
}

function planView(plan: TablePlan): NonNullable<TableDetail['plan']> {
  const { strategy, decision, proof, decisions, mappings, statements, copyJobs, dependsOn, partitions, existing } = plan;
  return {
    strategy,
    decision,
    proof,
    decisions: [...decisions],
    mappings: mappings.slice(0, SHOWN_MAPPINGS),
    mappingsOmitted: Math.max(0, mappings.length - SHOWN_MAPPINGS),
    statements: [...statements],
    copyJobs: copyJobs.map(copyJobView),
    dependsOn: [...dependsOn],
    partitions: partitions.length,
    ...(existing === undefined ? {} : { existing: existingView(existing) }),
  };
}

type ExistingView = NonNullable<NonNullable<TableDetail['plan']>['existing']>;

function existingView({ definition, partitions, linked }: NonNullable<TablePlan['existing']>): ExistingView {
  return {
    definition,
    ...(partitions === undefined ? {} : { partitions: changesView(partitions) }),
    ...(linked === undefined ? {} : { linked: { ...linked, partitions: namesView(linked.partitions) } }),
  };
}

function changesView({
  added,
  replaced,
  dropped,
}: NonNullable<NonNullable<TablePlan['existing']>['partitions']>): NonNullable<ExistingView['partitions']> {
  return { added: namesView(added), replaced: namesView(replaced), dropped: namesView(dropped) };
}

const namesView = (names: readonly string[]): { count: number; examples: string[] } => ({
  count: names.length,
  examples: names.slice(0, SHOWN_PARTITIONS),
});

function copyJobView(job: TablePlan['copyJobs'][number]): NonNullable<TableDetail['plan']>['copyJobs'][number] {
  const excluded = [...job.excluded];
  return job.kind === 'pair' ? { ...job, excluded } : { ...job, sources: [...job.sources], excluded };
}

function stepView(record: StepRecord): Step {
  const { result, ...kept } = record;
  return { ...kept, ...(result === undefined ? {} : { result: { ...result } }) };
}

function detailView(detail: Issue['detail']): TableSummary['issues'][number]['detail'] {
  return Object.fromEntries(Object.entries(detail).map(([key, value]) => [key, typeof value === 'object' ? [...value] : value]));
}
