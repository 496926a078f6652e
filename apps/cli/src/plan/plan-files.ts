import { join } from 'node:path';
import { stringify } from 'yaml';
import { artefactsOf } from '@hiveferry/core';
import { EXIT_CODES } from '../../../../libs/contracts/src/exit-codes.ts';
import type { ExitCode } from '../../../../libs/contracts/src/exit-codes.ts';
import { openOutputFolder } from '../hms-mirror/output-folder.ts';
import type { OutputFolder } from '../hms-mirror/output-folder.ts';
import { refused } from '../snapshot/place.ts';
import { writeReport } from './plan-report.ts';
import type { TargetPlan, WrittenPlans } from './target-plan.ts';

/** Writes the files of a dry run: with several targets a folder for each, and one report of all. Files of an earlier run go first. */
export function writePlans(out: string, plans: WrittenPlans): void {
  try {
    const folder = openOutputFolder(out);
    for (const target of plans.targets) {
      const own = plans.targets.length === 1 ? folder : openOutputFolder(join(out, target.facts.name));
      writeTarget(own, target);
      if (own !== folder) own.finish(statusOf([target]));
    }
    writeReport(folder, plans);
    folder.finish(statusOf(plans.targets));
  } catch (cause) {
    if (cause instanceof Error && 'syscall' in cause) throw refused(out, `ferry plan: ${cause.message}`);
    throw cause;
  }
}

/** What programs are told of several plans. */
export function exitCodeOf(targets: readonly TargetPlan[]): ExitCode {
  const tables = targets.flatMap(({ plan }) => plan.databases).flatMap((database) => database.tables);
  return tables.some(({ decision }) => decision === 'REFUSED') ? EXIT_CODES.plannedWithRefusals : EXIT_CODES.done;
}

function writeTarget(folder: OutputFolder, { plan, spec, facts, chosenBy }: TargetPlan): void {
  const blockSize = facts.blockSizeBytes === undefined ? {} : { targetBlockSizeBytes: facts.blockSizeBytes };
  for (const { plan: database, tables } of plan.databases) {
    const chosen = chosenBy === undefined ? {} : { chosen: chosenBy.of(tables, spec.allowedHazards) };
    for (const { path, content } of artefactsOf({ database, tables, settings: { distcp: spec.distcp }, ...blockSize, ...chosen }))
      folder.write(path, content);
  }
  folder.write('plan.json', `${JSON.stringify({ target: facts.name, ...plan }, undefined, 2)}\n`);
  folder.write('effective-request.yaml', stringify(spec, { lineWidth: 0 }));
}

function statusOf(targets: readonly TargetPlan[]): Parameters<OutputFolder['finish']>[0] {
  return {
    state: 'PLANNED',
    exitCode: exitCodeOf(targets),
    planHashes: Object.fromEntries(targets.map(({ facts, plan }) => [facts.name, plan.planHash])),
    reasons: [],
    adjustments: [],
    databases: countsOf(targets),
  };
}

/** Number of tables by decision, over all targets. */
function countsOf(targets: readonly TargetPlan[]): Readonly<Record<string, Readonly<Record<string, number>>>> {
  const counts: Record<string, Record<string, number>> = {};
  for (const { plan, tables } of targets.flatMap((target) => target.plan.databases)) {
    const own = (counts[plan.source] ??= {});
    for (const decision of tables.map((table) => table.decision).toSorted()) own[decision] = (own[decision] ?? 0) + 1;
  }
  return counts;
}
