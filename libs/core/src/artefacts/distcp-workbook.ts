import { describeHazard, describeIssue } from '../issues.ts';
import type { LocationMapping, TablePlan } from '../model/plan.ts';
import { displayName } from '../model/table.ts';
import type { ArtefactInput, ChosenCopies } from './artefact.ts';
import { code, plain } from './markdown.ts';
import { forecastAndJobs } from './script-workbook.ts';
import type { WorkbookJobs } from './script-workbook.ts';
import { runsWhere } from './runs-where.ts';
import { pairsOf } from './scripted-job.ts';

/** For people: in which jobs and waves copies run, and table by table what is copied where, and why. In pieces. */
export function* distcpWorkbook({ database, tables, settings, chosen }: ArtefactInput, jobs: WorkbookJobs): Generator<string> {
  const migrated = tables.filter(({ decision }) => decision === 'MIGRATE');
  const head = [
    `# DistCp workbook: ${code(database.source)} to ${code(database.target)}`,
    `${migrated.length} of ${tables.length} tables are migrated, by ${migrated.reduce((sum, { copyJobs }) => sum + copyJobs.length, 0)} copies. Sizes are those of the metastore's statistics.`,
    runsWhere({ settings, tables }),
  ];
  yield `${[...head, ...database.issues.map(issueLine)].join('\n\n')}\n\n`;
  if (chosen !== undefined) yield `${leftAlone(chosen)}\n\n`;
  if (jobs.transfer.jobs.length > 0) yield* forecastAndJobs(jobs);
  for (const table of tables) yield `\n${tableText(table)}\n`;
}

const SHOWN_PLACES = 100;

function leftAlone({ reason, units, unchanged, gone, wholly = [] }: ChosenCopies): string {
  return [
    `## Not everything is copied\n\n${plain(reason)} Copies: ${units.length}. Directories that are left as they are on the target: ${unchanged.length}.`,
    ...placesText('Left as they are; a table stands for what lies in none of its partitions', unchanged),
    ...placesText(
      'Copied as a whole all the same',
      wholly.map(({ source, reason: why }) => `${source}: ${why}`),
    ),
    ...placesText('Gone at the source since; nothing removes them at the target', gone),
  ].join('\n\n');
}

function placesText(title: string, places: readonly string[]): readonly string[] {
  if (places.length === 0) return [];
  const more = places.length > SHOWN_PLACES ? [`- and ${places.length - SHOWN_PLACES} more`] : [];
  return [`${title}:`, [...places.slice(0, SHOWN_PLACES).map((path) => `- ${code(path)}`), ...more].join('\n')];
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
