import { isBelowAny, isHidden } from '../inventory/hidden.ts';
import type { FileChecksum, FileFact, Finding, Measurement } from '../model/evidence.ts';
import { relativeTo } from '../model/location.ts';
import { sortedBy } from '../model/order.ts';
import { displayName } from '../model/table.ts';
import type { TablePlan } from '../model/plan.ts';
import { copyRootsOf } from '../plan/copy-roots.ts';
import { compare, finding } from '../compare/findings.ts';

/** What a comparison of files says, level by level. */
export interface FileComparison {
  readonly files: readonly Finding[];
  readonly checksums: readonly Finding[];
  readonly counts: { readonly files: number; readonly bytes: number; readonly checksummedFiles: number };
  readonly algorithm?: string;
  readonly notCompared: readonly string[];
}

interface ComparableChecksums {
  readonly algorithm: string;
  readonly source: string;
  readonly target: string;
}

/** Both sides of one file. */
interface FilePair {
  readonly subject: string;
  readonly source: FileFact;
  readonly target: FileFact;
}

/** Compares the files below each copy root by path, then by size, then by checksum. Hidden files and those of other tables are left out. */
export function compareFiles(plan: TablePlan, source: Measurement, target: Measurement): FileComparison {
  const isOurs = ownFiles(plan);
  const ours = { source: source.files.filter(isOurs), target: target.files.filter(isOurs) };
  const subjectOf = (file: FileFact): string => `${displayName(plan.target)}: ${file.root}/${file.path}`;
  const targets = new Map(ours.target.map((file) => [keyOf(file), file]));
  const sources = new Set(ours.source.map(keyOf));
  const missing = ours.source.filter((file) => !targets.has(keyOf(file)));
  const surplus = ours.target.filter((file) => !sources.has(keyOf(file)));
  const pairs = sortedBy(ours.source, keyOf).flatMap((file): readonly FilePair[] => {
    const other = targets.get(keyOf(file));
    return other === undefined ? [] : [{ subject: subjectOf(file), source: file, target: other }];
  });
  const sameSize = pairs.filter((pair) => pair.source.sizeBytes === pair.target.sizeBytes);
  const compared = sameSize.filter(isComparable);
  const algorithm = ofOneAlgorithm(compared[0]?.source.checksum, compared[0]?.target.checksum)?.algorithm;
  return {
    files: [
      ...sortedBy(missing, keyOf).map((file) =>
        finding('FILE_MISSING', subjectOf(file), { expected: `${file.sizeBytes} bytes`, found: undefined }),
      ),
      ...sortedBy(surplus, keyOf).map((file) =>
        finding('FILE_UNEXPECTED', subjectOf(file), { expected: undefined, found: `${file.sizeBytes} bytes` }),
      ),
      ...pairs.flatMap((pair) =>
        compare('FILE_SIZE_DIFFERS', pair.subject, { expected: pair.source.sizeBytes, found: pair.target.sizeBytes }),
      ),
    ],
    checksums: sameSize.flatMap((pair) => compareChecksum(pair, { source, target })),
    counts: {
      files: ours.target.length,
      bytes: ours.target.reduce((sum, file) => sum + file.sizeBytes, 0),
      checksummedFiles: compared.length,
    },
    ...(algorithm === undefined ? {} : { algorithm }),
    notCompared: leftOut(source.files.length - ours.source.length, target.files.length - ours.target.length),
  };
}

/** True for files of the table's own: of a known root, not hidden, not another table's. */
function ownFiles(plan: TablePlan): (file: FileFact) => boolean {
  const roots = new Map(
    copyRootsOf(plan).map(({ id, source, excluded, registered }) => {
      const foreign = new Set(excluded.flatMap((location) => relativeTo(location, source)?.join('/') ?? []));
      return [id, { registered, foreign }];
    }),
  );
  return ({ root, path }) => {
    const rule = roots.get(root);
    return rule !== undefined && !isBelowAny(path, rule.foreign) && !isHidden(path, rule.registered);
  };
}

/** An empty file has no checksum in HDFS, and needs none. */
function compareChecksum(
  { subject, source, target }: FilePair,
  sides: { readonly source: Measurement; readonly target: Measurement },
): readonly Finding[] {
  if (source.sizeBytes === 0) return [];
  const [a, b] = [source.checksum, target.checksum];
  if (a === undefined || b === undefined) {
    const because = (a === undefined ? sides.source : sides.target).checksumNotReadBecause ?? 'not read';
    return [finding('CHECKSUM_NOT_READ', subject, { expected: a?.value ?? because, found: b?.value ?? because })];
  }
  const both = ofOneAlgorithm(a, b);
  if (both === undefined) return [finding('CHECKSUM_NOT_COMPARABLE', subject, { expected: a.algorithm, found: b.algorithm })];
  return compare('CHECKSUM_DIFFERS', subject, { expected: both.source.toLowerCase(), found: both.target.toLowerCase() });
}

function isComparable({ source, target }: FilePair): boolean {
  return source.sizeBytes > 0 && ofOneAlgorithm(source.checksum, target.checksum) !== undefined;
}

/** The values that can be compared; a side may offer two algorithms. */
function ofOneAlgorithm(source: FileChecksum | undefined, target: FileChecksum | undefined): ComparableChecksums | undefined {
  const offered = new Map(checksumsOf(target).map(({ algorithm, value }) => [algorithm, value]));
  const [first] = checksumsOf(source).flatMap(({ algorithm, value }) => {
    const other = offered.get(algorithm);
    return other === undefined ? [] : [{ algorithm, source: value, target: other }];
  });
  return first;
}

function checksumsOf(checksum: FileChecksum | undefined): readonly FileChecksum[] {
  return checksum === undefined ? [] : [checksum, ...(checksum.otherwise === undefined ? [] : [checksum.otherwise])];
}

function leftOut(source: number, target: number): readonly string[] {
  return source + target === 0
    ? []
    : [`files that Hive hides or that belong to other tables: ${source} at the source, ${target} on the target`];
}

function keyOf({ root, path }: FileFact): string {
  return `${root}/${path}`;
}
