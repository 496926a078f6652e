import { describeHazard } from '../issues.ts';
import type { Evidence } from '../model/evidence.ts';
import type { Hazard, Issue } from '../model/issue.ts';
import type { CopyJob, TablePlan } from '../model/plan.ts';
import type { DataStrategyName } from '../model/plan-settings.ts';
import { displayName } from '../model/table.ts';
import type { TableName } from '../model/table.ts';
import { bytesText } from '../transfer/quantities.ts';
import { describeFinding } from '../compare/findings.ts';
import { reportedIssue, shortened } from './reported-script.ts';
import type { ReportedCopy, ReportedIssue, ReportedTable } from './report-model.ts';

/** A table of a run on one target: what was planned, and how far it came. */
interface PlannedRow {
  readonly source: TableName;
  readonly targetName: TableName;
  /** Cluster, when the run has several targets. */
  readonly cluster?: string;
  readonly state: string;
  /** Of the request, for a table without a plan. */
  readonly strategy: DataStrategyName;
  readonly issues: readonly Issue[];
  readonly hazards: readonly Hazard[];
  readonly failure?: { readonly code: string; readonly message: string };
  readonly evidence?: Evidence;
  /** Absent when the table could not be read or planned. */
  readonly plan?: TablePlan;
}

/** A table of a run, as a report shows it. */
export function reportedPlan(row: PlannedRow): ReportedTable {
  const { plan, evidence } = row;
  const on = (side: 'source' | 'target'): readonly string[] =>
    (plan?.statements ?? []).filter((statement) => statement.side === side).map(({ sql }) => shortened(sql));
  const proof = evidence === undefined ? [] : proofLines(evidence);
  return {
    database: row.source.database,
    name: row.source.table,
    target: `${row.cluster === undefined ? '' : `${row.cluster}: `}${displayName(row.targetName)}`,
    state: row.state,
    strategy: plan?.strategy ?? row.strategy,
    decisions: plan?.decisions ?? [],
    issues: [...row.issues.map(reportedIssue), ...row.hazards.map(reportedHazard), ...failureOf(row)],
    copies: (plan?.copyJobs ?? []).flatMap((job) => copiesOf(job, plan?.copySide ?? 'target')),
    ...(plan?.sourceDdl === undefined ? {} : { sourceDdl: plan.sourceDdl }),
    statements: { source: on('source'), target: on('target') },
    ...(evidence === undefined ? {} : { counted: countedOf(evidence) }),
    ...(proof.length === 0 ? {} : { proof }),
  };
}

function reportedHazard(found: Hazard): ReportedIssue {
  const { text, advice } = describeHazard(found);
  return { code: found.code, severity: 'hazard', text, advice: found.allowed ? `${advice} The request allows it.` : advice };
}

function failureOf({ failure }: PlannedRow): readonly ReportedIssue[] {
  return failure === undefined ? [] : [{ code: failure.code, severity: 'failure', text: failure.message, advice: '' }];
}

function copiesOf(job: CopyJob, runsAt: 'source' | 'target'): readonly ReportedCopy[] {
  if (job.kind === 'pair') return [{ source: job.source, target: job.target, runsAt }];
  return job.sources.map((source) => ({ source, target: `${job.target}/${source.slice(source.lastIndexOf('/') + 1)}`, runsAt }));
}

function countedOf({ counts }: Evidence): NonNullable<ReportedTable['counted']> {
  return [
    ...(counts.partitions === 0 ? [] : [['partitions', counts.partitions] as const]),
    ...(counts.files === 0 && counts.bytes === 0 && counts.rows !== '0' ? [] : filesOf(counts)),
    ...(counts.rows === undefined ? [] : [['rows', counts.rows] as const]),
  ];
}

/** Nothing for a view, and for rows that Hive wrote anew: their files are not compared. */
function filesOf({ files, bytes }: Evidence['counts']): NonNullable<ReportedTable['counted']> {
  return [
    [files === 1 ? 'file' : 'files', files],
    ['of data', bytesText(bytes)],
  ];
}

function proofLines(evidence: Evidence): readonly string[] {
  const { verdict, level, askedLevel, counts, checksumAlgorithm, findings, findingsOmitted, notCompared, reRead } = evidence;
  const reached = level === undefined ? 'no level reached' : `at level ${level}`;
  return [
    `${verdict} ${reached}, asked for ${askedLevel}, at ${evidence.verifiedAt}.`,
    ...(evidence.sourceListedAt === undefined ? [] : [`As of the listing of the source at ${evidence.sourceListedAt}.`]),
    ...(checksumAlgorithm === undefined ? [] : [`Checksums of ${counts.checksummedFiles} files compared: ${checksumAlgorithm}.`]),
    ...(reRead === undefined
      ? []
      : [`${reRead.files} files (${bytesText(reRead.bytes)}) were read back from the target to make their checksums.`]),
    ...findings.map(
      (finding) => `${finding.code} ${finding.subject}: ${describeFinding(finding)} Expected ${finding.expected}, found ${finding.found}.`,
    ),
    ...(findingsOmitted === 0 ? [] : [`and ${findingsOmitted} findings more.`]),
    ...notCompared.map((line) => `Not compared: ${line}`),
  ];
}
