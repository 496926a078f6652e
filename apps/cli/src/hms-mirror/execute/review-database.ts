import { planFilesOf } from '../../execute/plan-archive.ts';
import type { PlannedDatabase, PlannedTarget } from './planned-tables.ts';
import { NOTHING_FOUND, isSamePlace, refusal } from './review.ts';
import type { Review, Reviewing } from './review.ts';

/**
 * Where the service would make a database is what its script says, or Hive chooses: then tables that are made in it later go elsewhere
 * than after the script, but none of those that are planned, for each of these says its place.
 */
export async function reviewDatabase({ name, target }: PlannedDatabase, runId: string, reviewing: Reviewing): Promise<Review> {
  if (target?.location === undefined || target.standsAt === '') return NOTHING_FOUND;
  const said = target.standsAt ?? (await placeInPlan(target, runId, reviewing.service));
  const place = said ?? `${reviewing.defaultDirectory}/${target.name}.db`;
  if (isSamePlace(place, target.location)) return NOTHING_FOUND;
  const script = `${name}_RIGHT_execute.sql`;
  if (target.standsAt === undefined && said !== undefined) {
    return refusal(
      `${name}: ${script} makes database ${target.name} at ${target.location}, the service would at ${said}`,
      'Run the statements of that file for the database first',
    );
  }
  const verb = target.standsAt === undefined ? 'comes to' : 'stays at';
  const notice = `${name}: database ${target.name} ${verb} ${place}: -e does not set its location to ${target.location}, as ${script} does. This is for tables that are made later: the planned ones say their own places.`;
  return { refusals: [], notices: [notice] };
}

/** What CREATE DATABASE of the service's plan says. */
async function placeInPlan({ name }: PlannedTarget, runId: string, service: Reviewing['service']): Promise<string | undefined> {
  for await (const { path, content } of planFilesOf(service, runId))
    if (path.endsWith('_RIGHT_execute.sql')) return placeInCreate(content, name);
  return undefined;
}

/** @param script as the service prints it: each clause on a line of its own */
function placeInCreate(script: string, name: string): string | undefined {
  const head = `CREATE DATABASE IF NOT EXISTS \`${name}\``;
  const start = script.indexOf(head);
  if (start < 0) return undefined;
  const [, place] = CLAUSES.exec(script.slice(start + head.length)) ?? [];
  return place?.replaceAll(/\\(.)/gs, '$1');
}

const CLAUSES = /^(?:\nCOMMENT '(?:[^'\\]|\\.)*')?\nLOCATION '((?:[^'\\]|\\.)*)'/s;
