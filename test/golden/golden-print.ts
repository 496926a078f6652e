import { stringify } from 'yaml';
import { describeHazard, describeIssue, stepsOf } from '@hiveferry/core';
import type { TablePlan } from '@hiveferry/core';

/** The plan as a person reviews it; statements are in the file beside it. */
export function printPlan(plan: TablePlan): string {
  return stringify(
    withoutEmpty({
      decision: plan.decision,
      target: `${plan.target.database}.${plan.target.table}`,
      issues: plan.issues.map((issue) => ({ [`${issue.severity} ${issue.code}`]: Object.values(describeIssue(issue)).join(' ') })),
      hazards: plan.hazards.map((hazard) => ({ [`${hazard.code} ${hazard.allowed ? 'allowed' : 'not allowed'}`]: describeHazard(hazard).text })),
      mappings: plan.mappings.map(({ partition, from, to, rule }) => `${partition ?? 'table'}: ${from} -> ${to} (${rule})`),
      copies: plan.copyJobs.map((job) => withoutEmpty({ ...job })),
      partitions: plan.partitions.map(({ name, target, storage }) => `${name} at ${target}, ${storage.serde.serializationLib?.split('.').at(-1) ?? 'no SerDe'}`),
      dependsOn: plan.dependsOn.map(({ database, table }) => `${database}.${table}`),
      decisions: plan.decisions.map(({ rule, reason }) => `${rule}: ${reason}`),
      steps: stepsOf(plan).map(({ key, side, after }) => `${key} on ${side} after ${after.join(', ')}`),
    }),
    { lineWidth: 0 },
  );
}

export function printStatements(plan: TablePlan): string {
  return plan.statements.map(({ purpose, sql }) => `-- ${purpose}\n${sql};\n`).join('\n');
}

function withoutEmpty(value: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).filter(([, inner]) => !(Array.isArray(inner) && inner.length === 0)));
}
