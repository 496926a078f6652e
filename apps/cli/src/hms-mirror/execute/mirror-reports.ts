import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import type { ExitCode } from '../../../../../libs/contracts/src/exit-codes.ts';
import type { Service } from '../../execute/embedded-service.ts';
import { tableLines } from '../../execute/outcome.ts';
import type { RunOutcome } from '../../execute/outcome.ts';
import { planFilesOf } from '../../execute/plan-archive.ts';
import type { PlanFile } from '../../execute/plan-archive.ts';

/** Puts what came of each database beside its plan: report and evidence of the run, and a section of `{db}_hms-mirror.md`. */
export async function writeOutcomes(
  directory: string,
  outcomes: readonly RunOutcome[],
  { service, exitCode }: { readonly service: Service; readonly exitCode: ExitCode },
): Promise<void> {
  const written: string[] = [];
  const write = (name: string, content: string): void => {
    writeFileSync(join(directory, name), content);
    written.push(name);
  };
  for (const outcome of outcomes) {
    const { name, runId, tables } = outcome;
    write(`${name}_run.html`, await service.text(`/v1/runs/${runId}/report.html`));
    write(`${name}_evidence.json`, `${JSON.stringify(tables, undefined, 2)}\n`);
    if (outcome.waiting.size > 0) for await (const { path, content } of copyFilesOf(service, runId)) write(path, content);
    appendSection(join(directory, `${name}_hms-mirror.md`), outcome);
  }
  recordStatus(join(directory, 'run-status.yaml'), { outcomes, written, exitCode });
}

/** Lists and script of the copies that others make: the plan of hms-mirror has none where it does not copy. */
async function* copyFilesOf(service: Service, runId: string): AsyncGenerator<PlanFile> {
  for await (const file of planFilesOf(service, runId)) if (file.path.includes('_distcp_')) yield file;
}

const HEADING = '## What came of it';

/** Replaces what an earlier command said. */
function appendSection(page: string, outcome: RunOutcome): void {
  if (!existsSync(page)) return;
  const [plan = ''] = readFileSync(page, 'utf8').split(`\n${HEADING}\n`);
  const links = `Executed: [report of the run](${outcome.name}_run.html), [evidence](${outcome.name}_evidence.json).`;
  writeFileSync(page, plan);
  appendFileSync(page, `\n${HEADING}\n\n${links}\n\n\`\`\`\n${tableLines([outcome]).join('\n')}\n\`\`\`\n`);
}

interface Status {
  readonly outcomes: readonly RunOutcome[];
  readonly written: readonly string[];
  readonly exitCode: ExitCode;
}

/** The plan's status becomes that of the run; its list of files says what the next run may remove. */
function recordStatus(file: string, { outcomes, written, exitCode }: Status): void {
  const before: unknown = existsSync(file) ? parse(readFileSync(file, 'utf8')) : {};
  const plan = typeof before === 'object' && before !== null ? before : {};
  const files: readonly unknown[] = 'files' in plan && Array.isArray(plan.files) ? plan.files : [];
  const tables = Object.fromEntries(
    outcomes.map(({ name, tables: own, waiting }) => [
      name,
      countsOf(
        own.map(({ state }) => state),
        waiting.size,
      ),
    ]),
  );
  const status = { ...plan, state: 'EXECUTED', exitCode, executed: tables, files: [...new Set([...files.map(String), ...written])].sort() };
  writeFileSync(file, stringify(status, { lineWidth: 0 }));
}

/** A table that waits is RUNNING to the service. */
function countsOf(states: readonly string[], waiting: number): Readonly<Record<string, number>> {
  const counts = new Map<string, number>();
  for (const state of states) counts.set(state, (counts.get(state) ?? 0) + 1);
  if (waiting > 0) counts.set('WAITING', waiting).set('RUNNING', (counts.get('RUNNING') ?? 0) - waiting);
  return Object.fromEntries([...counts].filter(([, count]) => count > 0).sort(([a], [b]) => (a < b ? -1 : 1)));
}
