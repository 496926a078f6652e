import { describeHazard, describeIssue } from '../issues.ts';
import type { LocationMapping, TablePlan } from '../model/plan.ts';
import { displayName } from '../model/table.ts';
import type { ArtefactInput } from './artefact.ts';
import { code, plain } from './markdown.ts';
import { forecastAndJobs } from './script-workbook.ts';
import type { WorkbookJobs } from './script-workbook.ts';
import { runsWhere } from './runs-where.ts';
import { pairsOf } from './scripted-job.ts';

/** For people: in which jobs and waves copies run, and table by table what is copied where, and why. In pieces. */
export function* distcpWorkbook({ database, tables, settings }: ArtefactInput, jobs: WorkbookJobs): Generator<string> {
  const migrated = tables.filter(({ decision }) => decision === 'MIGRATE');
  const head = [
    `# DistCp workbook: ${code(database.source)} to ${code(database.target)}`,
    `${migrated.length} of ${tables.length} tables are migrated, by ${migrated.reduce((sum, { copyJobs }) => sum + copyJobs.length, 0)} copies. Sizes are those of the metastore's statistics.`,
    runsWhere({ settings, tables }),
  ];
  yield `${[...head, ...database.issues.map(issueLine)].join('\n\n')}\n\n`;
  if (jobs.transfer.jobs.length > 0) yield* forecastAndJobs(jobs);
  for (const table of tables) yield `\n${tableText(table)}\n`;
}

function tableText(plan: TablePlan): string {
  const title = `## ${code(displayName(plan.source))}: ${plan.decision === 'REFUSED' ? 'refused' : `${plan.object}, ${plan.partitions.length} partitions`}`;
  const copies = plan.copyJobs.flatMap((job) =>
    pairsOf(job).map(({ source, target }) => `| ${job.id} | ${code(source)} | ${code(target)} | ${job.excluded.map(code).join(', ')} |`),
  );
  const reasons =
    plan.decision === 'REFUSED'
      ? []
      : [...plan.mappings.map(mappingLine), ...plan.decisions.map(({ rule, reason }) => `- ${rule}: ${plain(reason)}`)];
  return [
    title,
    ...(copies.length === 0 ? [] : [['| copy | source | target | left out |', '|---|---|---|---|', ...copies].join('\n')]),
    ...(reasons.length === 0 ? [] : [reasons.join('\n')]),
    ...plan.issues.map(issueLine),
    ...plan.hazards.map(
      (hazard) => `> hazard ${hazard.code} (${hazard.allowed ? 'allowed' : 'not allowed'}): ${plain(describeHazard(hazard).text)}`,
    ),
  ].join('\n\n');
}

function mappingLine({ partition, to, rule, reason }: LocationMapping): string {
  return `- ${partition === undefined ? 'table' : `partition ${code(partition)}`} to ${code(to)}: ${rule}, ${plain(reason)}`;
}

function issueLine(issue: TablePlan['issues'][number]): string {
  const { text, advice } = describeIssue(issue);
  return `> ${issue.severity} ${issue.code}: ${plain(text)} ${plain(advice)}`;
}
