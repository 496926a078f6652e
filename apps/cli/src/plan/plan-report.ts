import { gzipSync } from 'node:zlib';
import { htmlReport, reportedNotes, reportedPlan } from '@hiveferry/core';
import type { Issue } from '@hiveferry/core';
import type { OutputFolder } from '../hms-mirror/output-folder.ts';
import type { TargetPlan, WrittenPlans } from './target-plan.ts';

const REPORT_FILE = 'report.html';

/** The plans of all targets as one page, as the service gives it for a dry run. */
export function writeReport(folder: OutputFolder, { source, targets }: WrittenPlans): void {
  const names = targets.map(({ facts }) => facts.name).join(', ');
  const [first] = targets;
  const report = htmlReport(
    {
      title: `${source} to ${names}`,
      asked: [
        ...(first === undefined ? [] : askedOf(first)),
        ...targets.map(({ facts, plan }) => [`Plan hash on ${facts.name}`, plan.planHash] as const),
      ],
      sides: { source, target: targets.length > 1 ? 'the target' : names },
    },
    (text) => gzipSync(text, { level: 4 }).toString('base64'),
  );
  const file = folder.grow(REPORT_FILE, '');
  file.append(report.begin());
  for (const target of targets) for (const table of tablesOf(target, targets.length > 1)) file.append(report.add(table));
  file.append(report.end({ notes: reportedNotes(targets.flatMap(issuesOfDatabases)), leftOut: [] }));
  file.close();
}

function issuesOfDatabases({ plan }: TargetPlan): readonly Issue[] {
  return plan.databases.flatMap((database) => database.plan.issues);
}

function askedOf({ spec }: TargetPlan): readonly (readonly [string, string])[] {
  const { databases } = spec.selection;
  const shown = databases.slice(0, 20).join(', ') + (databases.length > 20 ? `, and ${databases.length - 20} more` : '');
  return [
    ['Strategy', spec.strategy],
    ['Proof', spec.proof],
    ['Databases', shown],
    ...(spec.reason === undefined ? [] : [['Reason', spec.reason] as const]),
  ];
}

function* tablesOf({ plan, spec, facts }: TargetPlan, isOneOfSeveral: boolean): Generator<ReturnType<typeof reportedPlan>> {
  const cluster = isOneOfSeveral ? { cluster: facts.name } : {};
  for (const table of plan.databases.flatMap(({ tables }) => tables)) {
    const { source, target, decision: state, issues, hazards } = table;
    yield reportedPlan({ source, targetName: target, state, strategy: spec.strategy, issues, hazards, plan: table, ...cluster });
  }
}
