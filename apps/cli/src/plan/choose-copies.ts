import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';
import { chosenCopies, pathsInNoCopy, trackedPlaces } from '@hiveferry/core';
import type { ArtefactInput, CopyChoice, TablePlan, TrackedPlace, TrackedPlaces } from '@hiveferry/core';
import { readSnapshot } from '../live.module.ts';
import { entriesOf, snapshotPieces } from '../snapshot/entries.ts';
import type { Entry } from '../snapshot/entries.ts';
import { refused } from '../snapshot/place.ts';
import type { OfflineCluster } from './offline-cluster.ts';

/** Which of the copies are wanted, as the command line says it: one of these, or none. */
export interface ChoiceOptions {
  readonly since?: string | undefined;
  readonly 'modified-after'?: string | undefined;
  readonly 'failed-paths'?: string | undefined;
  readonly 'hdfs-snapshots'?: string | undefined;
}

export const CHOICE_HELP = `  --since SNAPSHOT        the DistCp files hold only partitions and tables that Hive wrote to since this snapshot of the source was taken
  --modified-after TIME   only those that Hive wrote to after an instant, such as 2026-11-20T00:00:00Z
  --failed-paths FILE     only those that hold a path of this file: failed_paths.txt of an earlier script
  --hdfs-snapshots FILE   by distcp -diff where both sides have snapshots: {source: {DIRECTORY: [NAME, ...]}, target: ...}, oldest first;
                          the request must allow TARGET_FILES_REMOVED, since deletions at the source are done at the target too`;

/** What cuts the copies of a plan down. */
export interface ChosenBy {
  readonly reason: string;
  readonly of: (tables: readonly TablePlan[], allowedHazards: readonly string[]) => NonNullable<ArtefactInput['chosen']>;
  /** Of the paths that were named, those that no copy of all these tables holds. */
  readonly unmet: (tables: readonly TablePlan[]) => readonly string[];
}

/** @returns undefined when all copies are wanted */
export async function choiceOf(options: ChoiceOptions, source: OfflineCluster): Promise<ChosenBy | undefined> {
  const given = [options.since, options['modified-after'], options['failed-paths'], options['hdfs-snapshots']].filter(
    (option) => option !== undefined,
  );
  if (given.length === 0) return undefined;
  if (given.length > 1)
    throw refused(
      'ferry plan',
      'ferry plan: expected one of --since, --modified-after, --failed-paths and --hdfs-snapshots; each says what is copied',
    );
  const { choice, reason } = await readChoice(options, source);
  const now = await placesIn(source.entries(), source);
  return {
    reason,
    of: (tables, allowed) => ({ ...chosenCopies(tables, now, allowing(choice, allowed)), reason }),
    unmet: (tables) => (choice.kind === 'failed' ? pathsInNoCopy(tables, choice.paths) : []),
  };
}

function allowing(choice: CopyChoice, allowed: readonly string[]): CopyChoice {
  if (choice.kind !== 'snapshots') return choice;
  return { ...choice, facts: { ...choice.facts, mayRemove: allowed.includes('TARGET_FILES_REMOVED') } };
}

interface Choice {
  readonly choice: CopyChoice;
  readonly reason: string;
}

async function readChoice(options: ChoiceOptions, source: OfflineCluster): Promise<Choice> {
  if (options.since !== undefined) return await sinceSnapshot(options.since, source);
  if (options['hdfs-snapshots'] !== undefined) return hdfsSnapshots(options['hdfs-snapshots']);
  if (options['failed-paths'] !== undefined) return failedPaths(options['failed-paths']);
  const moment = options['modified-after'] ?? '';
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?Z$/.test(moment) || Number.isNaN(Date.parse(moment)))
    throw refused(moment, `--modified-after ${moment}: expected an instant in UTC, such as 2026-11-20T00:00:00Z`);
  return { choice: { kind: 'modified-after', moment }, reason: `Only what Hive wrote to after ${moment}, by the metastore's times.` };
}

async function sinceSnapshot(file: string, source: OfflineCluster): Promise<Choice> {
  const readAt = await takenAtOf(file);
  if (readAt === undefined)
    throw refused(file, `--since ${file}: expected a snapshot of ferry snapshot: its first line says when it was taken`);
  const earlier = await placesIn(entriesOf(snapshotPieces(readSnapshot(file))), source);
  const reason = `Only what Hive wrote to since ${readAt}, by the metastore's times and statistics; all else must have been copied to the same places after that snapshot was taken.`;
  return { choice: { kind: 'since', earlier, readAt }, reason };
}

async function takenAtOf(file: string): Promise<string | undefined> {
  for await (const line of readSnapshot(file)) return line.type === 'snapshot' ? line.takenAt : undefined;
  return undefined;
}

function failedPaths(file: string): Choice {
  const lines = textOf(file, '--failed-paths').split('\n');
  const paths = lines.filter((line) => line !== '');
  return { choice: { kind: 'failed', paths }, reason: `Only what holds one of the ${paths.length} paths of ${file}.` };
}

const Snapshots = z.record(z.string(), z.array(z.string().regex(/^[^/\s]+$/, 'expected the name of a snapshot')));
const SnapshotFile = z.strictObject({ source: Snapshots, target: Snapshots });

/** Whether the target was changed since, DistCp itself looks, and refuses. */
function hdfsSnapshots(file: string): Choice {
  const parsed = SnapshotFile.safeParse(parse(textOf(file, '--hdfs-snapshots')));
  if (!parsed.success) throw refused(file, `--hdfs-snapshots ${file}:\n${z.prettifyError(parsed.error)}`);
  const { source, target } = parsed.data;
  const facts = { source: { snapshots: source }, target: { snapshots: target }, mayRemove: false, isTargetChanged: false };
  return {
    choice: { kind: 'snapshots', facts },
    reason: `By the difference of snapshots of HDFS, as ${file} lists them, where both sides allow that.`,
  };
}

function textOf(file: string, option: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw refused(file, `${option} ${file}: ${cause instanceof Error ? cause.message : String(cause)}`);
  }
}

async function placesIn(entries: AsyncIterable<Entry>, { facts }: OfflineCluster): Promise<TrackedPlaces> {
  const places = new Map<string, TrackedPlace>();
  for await (const entry of entries) {
    if (entry.kind === 'table') for (const [place, tracked] of trackedPlaces(entry, facts.namespace)) places.set(place, tracked);
  }
  return places;
}
