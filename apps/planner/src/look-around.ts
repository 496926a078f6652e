import { issue, targetDatabase } from '@hiveferry/core';
import type { Issue } from '@hiveferry/core';
import type { ClusterClient } from '@hiveferry/ports';
import type { TablesToPlan } from './plan-tables.ts';
import { readSurroundings } from './surroundings.ts';
import type { Surroundings, Unseen } from './surroundings.ts';
import type { TargetPart } from './target-parts.ts';

/** A target has as long as it has for so many pages of tables. */
const PAGES_OF_PATIENCE = 4;

/** Writes down where tables lie that the run does not move: around the selected databases of the source, and on each target. */
export async function lookAround(context: TablesToPlan): Promise<Unseen> {
  const { run, store, source } = context;
  const known = new Set(run.spec.selection.databases.map((database) => database.toLowerCase()));
  const databases = (await source.metastore.databaseNames()).filter((database) => !known.has(database));
  const [unseen, onTargets] = await Promise.all([
    readSurroundings(surroundings(context, source, databases), (tables) => store.around.add(run, tables)),
    lookAtTargets(context),
  ]);
  return new Map([...onTargets].map(([name, issues]) => [name, [...notLookedAt(context, source, unseen), ...issues]]));
}

/** On the targets alone: the source was looked at when the run was planned. */
export async function lookAtTargets(context: TablesToPlan): Promise<Unseen> {
  const { targets, patienceMs } = context;
  const patience = targets.active.length > 1 ? PAGES_OF_PATIENCE * patienceMs : undefined;
  const answers = await targets.ask((part) => lookAtTarget(context, part), patience);
  return new Map(answers.map(({ part, answer }) => [part.name, notLookedAt(context, part.client, answer)]));
}

/** The databases that the run fills come first. */
async function lookAtTarget(context: TablesToPlan, { name, client, settings }: TargetPart): Promise<readonly string[]> {
  const { run, store } = context;
  const all = await client.metastore.databaseNames();
  const filled = new Set(run.spec.selection.databases.map((database) => targetDatabase(database, settings).toLowerCase()));
  const databases = [...all.filter((database) => filled.has(database)), ...all.filter((database) => !filled.has(database))];
  await store.around.forget(run, name);
  return readSurroundings(surroundings(context, client, databases), (tables) => store.around.add(run, tables, name));
}

function surroundings(context: TablesToPlan, client: ClusterClient, databases: readonly string[]): Surroundings {
  const { run, guard, lookAroundTables: limit } = context;
  return { client, databases, limit, look: run.spec.selection.lookAround, check: () => guard.check() };
}

function notLookedAt({ lookAroundTables: limit }: TablesToPlan, { facts }: ClusterClient, unseen: readonly string[]): readonly Issue[] {
  if (unseen.length === 0) return [];
  return [
    issue('NEIGHBOURS_NOT_LOOKED_AT', facts.name, { cluster: facts.name, count: unseen.length, examples: unseen.slice(0, 5), limit }),
  ];
}
