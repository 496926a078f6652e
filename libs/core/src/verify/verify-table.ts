import { sourcesOf } from '../distcp/arguments.ts';
import { comparability } from '../distcp/comparability.ts';
import type { Evidence, Finding, Measurement } from '../model/evidence.ts';
import { namespaceOf } from '../model/location.ts';
import { PROOF_LEVELS } from '../model/plan-settings.ts';
import type { TablePlan } from '../model/plan.ts';
import type { ProofLevel } from '../model/plan-settings.ts';
import { displayName } from '../model/table.ts';
import type { Partition, Table } from '../model/table.ts';
import { copyRootsOf } from '../plan/copy-roots.ts';
import { compareFiles } from './compare-files.ts';
import type { FileComparison } from './compare-files.ts';
import { comparePartitions } from '../compare/compare-partitions.ts';
import { compareRows } from './compare-rows.ts';
import { compareSource } from './compare-source.ts';
import type { SourceNow } from './compare-source.ts';
import { compareTable } from '../compare/compare-table.ts';
import { finding } from '../compare/findings.ts';

/** What was planned and what both sides hold now. */
export interface VerifyInput {
  readonly plan: TablePlan;
  readonly tableHash: string;
  /** As the target's metastore gives it; absent when nothing stands under the name. */
  readonly foundTable?: Table;
  readonly foundPartitions: readonly Partition[];
  readonly source?: Measurement;
  readonly target?: Measurement;
  /** Absent where only the target is looked at, as after a statement. */
  readonly sourceNow?: SourceNow;
  /** Copy roots that the source wrote to since they were copied: what no checksum confirms is not proved. */
  readonly changedRoots?: readonly string[];
  readonly verifiedAt: string;
}

/** Findings that are kept in a record; the others are counted. */
const KEPT_FINDINGS = 100;

type FindingsByLevel = Readonly<Record<ProofLevel, readonly Finding[]>>;

/**
 * Compares the target with the plan and with the source's measurement, level by level.
 *
 * A level is reached when it and all before it were checked without a finding; VERIFIED means the asked level was reached. A view
 * is asked for `metadata` only, a table without a copy of its own for `metadata` and `rows`.
 */
export function verifyTable(input: VerifyInput): Evidence {
  const { plan } = input;
  const files = comparedFiles(input);
  const levels = levelsOf(plan);
  const asked = levels.at(-1) ?? 'metadata';
  const byLevel = findingsByLevel(input, files);
  const findings = levels.flatMap((level) => byLevel[level]);
  const level = levels[firstFailing(levels, byLevel) - 1];
  return {
    table: plan.source,
    target: plan.target,
    tableHash: input.tableHash,
    verdict: level === asked ? 'VERIFIED' : 'NOT_VERIFIED',
    ...(level === undefined ? {} : { level }),
    askedLevel: asked,
    findings: findings.slice(0, KEPT_FINDINGS),
    findingsOmitted: Math.max(0, findings.length - KEPT_FINDINGS),
    counts: countsOf(input, files),
    ...(files?.algorithm === undefined ? {} : { checksumAlgorithm: files.algorithm }),
    ...(input.target?.reRead === undefined ? {} : { reRead: input.target.reRead }),
    ...(plan.relocation === undefined || input.source === undefined ? {} : { leftBehind: leftBehind(plan, input.source) }),
    notCompared: notCompared(input, levels, files),
    ...(input.source === undefined ? {} : { sourceListedAt: input.source.measuredAt }),
    verifiedAt: input.verifiedAt,
  };
}

/** The levels that can be proved of this object up to the asked one: a view has metadata only, and without a copy no files can be compared. */
function levelsOf({ object, proof, copyJobs, vanished }: TablePlan): readonly ProofLevel[] {
  if (object === 'view' || vanished !== undefined) return ['metadata'];
  const levels = PROOF_LEVELS.slice(0, PROOF_LEVELS.indexOf(proof) + 1);
  return copyJobs.length > 0 ? levels : levels.filter((level) => level === 'metadata' || level === 'rows');
}

function comparedFiles({ plan, source, target }: VerifyInput): FileComparison | undefined {
  return source === undefined || target === undefined ? undefined : compareFiles(plan, source, target);
}

function findingsByLevel(input: VerifyInput, files: FileComparison | undefined): FindingsByLevel {
  const { plan, foundTable, foundPartitions, source, target } = input;
  const notListed = finding('FILES_NOT_LISTED', displayName(plan.target), { expected: source?.measuredAt, found: target?.measuredAt });
  const metadata = [
    ...(input.sourceNow === undefined ? [] : compareSource(plan, input.sourceNow)),
    ...compareTable(plan, foundTable),
    ...(foundTable === undefined ? [] : comparePartitions(plan, foundPartitions)),
  ];
  if (files === undefined || source === undefined || target === undefined)
    return { metadata, files: [notListed], checksum: [], rows: [notListed] };
  const found = { ...(foundTable === undefined ? {} : { table: foundTable }), partitions: foundPartitions };
  return {
    metadata,
    files: [...sourceChanges(input), ...files.files],
    checksum: files.checksums,
    // Statistics of a table that only moved are as they were, right or wrong.
    rows: compareRows(plan, { source, target }, plan.relocation === undefined ? found : { partitions: [] }),
  };
}

/** Of each old directory what was copied from it. */
function leftBehind(plan: TablePlan, { files }: Measurement): NonNullable<Evidence['leftBehind']> {
  return copyRootsOf(plan).map(({ id, source: location }) => {
    const own = files.filter(({ root }) => root === id);
    return { location, files: own.length, bytes: own.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0) };
  });
}

/**
 * Equal checksums show that a later write was copied nevertheless; below that level nothing does, nor for a table that has moved, whose
 * readers do not look at the old place any more.
 */
function sourceChanges({ plan, changedRoots = [] }: VerifyInput): readonly Finding[] {
  if (changedRoots.length === 0 || (plan.relocation === undefined && isAsked(plan, 'checksum'))) return [];
  return [finding('SOURCE_CHANGED', displayName(plan.source), { expected: 'the source as it was copied', found: changedRoots.join(', ') })];
}

/** Index of the first level with a finding; the number of levels when all passed. */
function firstFailing(levels: readonly ProofLevel[], byLevel: FindingsByLevel): number {
  const index = levels.findIndex((level) => byLevel[level].length > 0);
  return index < 0 ? levels.length : index;
}

function countsOf({ foundPartitions, target }: VerifyInput, files: FileComparison | undefined): Evidence['counts'] {
  return {
    partitions: foundPartitions.length,
    ...(files?.counts ?? { files: 0, bytes: 0, checksummedFiles: 0 }),
    ...(target?.rows === undefined ? {} : { rows: target.rows }),
  };
}

function notCompared({ plan }: VerifyInput, levels: readonly ProofLevel[], files: FileComparison | undefined): readonly string[] {
  if (plan.vanished !== undefined) return ['files: they stay where they are'];
  const asked = levels.at(-1) ?? 'metadata';
  const beyond = PROOF_LEVELS.slice(PROOF_LEVELS.indexOf(plan.proof) + 1);
  return [
    ...(plan.object === 'view' ? ['files, checksums and rows: a view has none of its own', 'owner: HiveQL cannot set that of a view'] : []),
    ...(plan.object === 'table' && beyond.length > 0 ? [`${beyond.join(', ')}: the request asked for level ${plan.proof}`] : []),
    ...(plan.object === 'table' && (asked !== 'rows' || plan.relocation !== undefined) ? [statisticsNotCompared(plan)] : []),
    ...(plan.object === 'table' && plan.copyJobs.length === 0 ? [filesNotCompared(plan)] : []),
    ...(plan.object === 'table' && !isAsked(plan, 'checksum') ? uncheckedCopies(plan) : []),
    ...(files?.notCompared ?? []),
  ];
}

function statisticsNotCompared({ relocation }: TablePlan): string {
  return relocation === undefined
    ? 'statistics of the target: they are compared with counted rows only'
    : 'statistics: those that the table had stay with it';
}

function filesNotCompared({ rows }: TablePlan): string {
  if (rows === undefined) return 'files and checksums: the table points at the files of the source, there is no second copy to compare';
  return 'exports' in rows
    ? 'files and checksums: IMPORT may name and arrange files in another way than the source'
    : 'files and checksums: Hive wrote the rows anew, its files are no copies of those of the source';
}

/** Below level checksum nothing but DistCp compares contents, and between some stores DistCp does not. */
function uncheckedCopies({ copyJobs }: TablePlan): readonly string[] {
  const reasons = copyJobs
    .flatMap((job) => sourcesOf(job).map((source) => comparability(namespaceOf(source), namespaceOf(job.target))))
    .filter(({ comparison }) => comparison === 'size-only' || comparison === 're-read')
    .map(({ reason }) => `contents, not even by DistCp: ${reason}`);
  return [...new Set(reasons)];
}

function isAsked({ proof }: TablePlan, level: ProofLevel): boolean {
  return PROOF_LEVELS.indexOf(proof) >= PROOF_LEVELS.indexOf(level);
}
