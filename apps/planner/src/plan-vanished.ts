import { displayName, isMarked, issue, planVanishedTable, refuseTooMany, tableHash, targetDatabase } from '@hiveferry/core';
import type { Issue, Table, TablePlan } from '@hiveferry/core';
import { sha256 } from './plan-tables.ts';
import type { TablesToPlan } from './plan-tables.ts';
import type { TargetPart } from './target-parts.ts';

const NAMES_A_READ = 500;
const SHOWN = 5;

/** Issues of databases of the source, by target and database. */
export type VanishedNotes = ReadonlyMap<string, ReadonlyMap<string, Issue>>;

/**
 * Plans the drop of what stands on targets while the source has it no more, where the request asks for it. All names of the source's
 * databases were written down before: one that is not among them is gone, whether it is selected or could be read or not.
 *
 * @returns what is left alone, since nobody says that a sync made it
 */
export async function planVanished(context: TablesToPlan): Promise<VanishedNotes> {
  const { targets } = context;
  if (!targets.active.some(({ settings }) => settings.vanished !== undefined)) return new Map();
  const known = await namesAtSource(context);
  const answers = await targets.ask((part) => vanishedOf(context, part, known));
  const notes = new Map<string, ReadonlyMap<string, Issue>>();
  for (const { part, answer } of answers) {
    await context.store.putTablePlans(
      context.run,
      part.name,
      answer.plans.map((plan) => ({ plan, tableHash: tableHash(plan, sha256) })),
    );
    notes.set(part.name, answer.notes);
  }
  return notes;
}

type NamesAtSource = ReadonlyMap<string, ReadonlySet<string>>;

async function namesAtSource({ run, store }: TablesToPlan): Promise<NamesAtSource> {
  const known = new Map<string, ReadonlySet<string>>();
  for (const database of run.spec.selection.databases) {
    const names = new Set<string>();
    for (let after = ''; ;) {
      const page = await store.inventoryNames(run.runId, { database, after, through: LAST_NAME }, NAMES_A_READ);
      for (const name of page) names.add(name);
      const last = page.at(-1);
      if (last === undefined) break;
      after = last;
    }
    known.set(database, names);
  }
  return known;
}

/** After all names of Hive. */
const LAST_NAME = '\u{10FFFF}';

interface VanishedOnTarget {
  readonly plans: readonly TablePlan[];
  readonly notes: ReadonlyMap<string, Issue>;
}

async function vanishedOf(context: TablesToPlan, part: TargetPart, known: NamesAtSource): Promise<VanishedOnTarget> {
  if (part.settings.vanished === undefined) return { plans: [], notes: new Map() };
  const plans: TablePlan[] = [];
  const notes = new Map<string, Issue>();
  let [missing, standing] = [0, 0];
  for (const [database, names] of known) {
    const found = await vanishedIn(context, part, { database, names });
    plans.push(...found.plans);
    missing += found.missing;
    standing += found.standing;
    if (found.others.length > 0) notes.set(database, leftAlone(targetDatabase(database, part.settings), found.others));
  }
  const tablesAtSource = new Map([...known].map(([database, names]) => [database, names.size]));
  return { plans: refuseTooMany({ plans, missing, standing }, { settings: part.settings, tablesAtSource }), notes };
}

interface VanishedInDatabase {
  readonly plans: readonly TablePlan[];
  /** Names of what nobody marked. */
  readonly others: readonly string[];
  readonly missing: number;
  readonly standing: number;
}

async function vanishedIn(
  { guard, isSelected, source }: TablesToPlan,
  { client, settings }: TargetPart,
  { database, names }: { readonly database: string; readonly names: ReadonlySet<string> },
): Promise<VanishedInDatabase> {
  const clusters = { source: source.facts, target: client.facts };
  const name = targetDatabase(database, settings);
  const [plans, others]: [TablePlan[], string[]] = [[], []];
  let [missing, standing] = [0, 0];
  for await (const page of client.metastore.tableNames(name, { pageSize: NAMES_A_READ })) {
    guard.check();
    const selected = page.filter(isSelected);
    const gone = selected.filter((table) => !names.has(table));
    standing += selected.length;
    missing += gone.length;
    for (const target of await readable(client, name, gone)) {
      const asked = { source: { database, table: target.name }, target, clusters };
      if (isMarked(asked)) plans.push(planVanishedTable({ ...asked, settings }));
      else others.push(target.name);
    }
  }
  return { plans, others, missing, standing };
}

/** What cannot be read is nobody's to drop. */
async function readable(client: TargetPart['client'], database: string, names: readonly string[]): Promise<readonly Table[]> {
  return names.length === 0 ? [] : await client.metastore.tables(database, names, { onUnreadable: () => undefined });
}

function leftAlone(target: string, names: readonly string[]): Issue {
  const examples = names.slice(0, SHOWN).map((table) => displayName({ database: target, table }));
  return issue('VANISHED_LEFT_ALONE', target, { target, count: names.length, examples });
}
