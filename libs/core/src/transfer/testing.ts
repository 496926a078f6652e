import { effectOf } from '../distcp/effect.ts';
import type { CopyEffect, TreeEntry } from '../distcp/effect.ts';
import type { CopyJob } from '../model/plan.ts';
import type { CopyUnit, PlannedCopy, TransferJob, TransferSettings } from '../model/transfer.ts';
import { location } from '../testing/builders.ts';
import { DEFAULT_TRANSFER_SETTINGS } from './default-settings.ts';

/** Builders and a runner for tests of transfer plans. */

export function aUnit(name: string, overrides: Partial<CopyUnit> = {}): CopyUnit {
  return {
    id: name,
    subject: `shop.${name}`,
    side: 'target',
    source: `hdfs://left/w/${name}`,
    target: `hdfs://right/x/${name}`,
    excluded: [],
    after: [],
    parts: [],
    ...overrides,
  };
}

export function transferSettings(overrides: Partial<TransferSettings> = {}): TransferSettings {
  return { ...DEFAULT_TRANSFER_SETTINGS, ...overrides };
}

export function pairOf({ source, target, excluded, visible }: Omit<PlannedCopy, 'unit'>): CopyJob {
  const shown = visible === undefined ? {} : { visible: visible.map(location) };
  return { id: 'copy-1', kind: 'pair', source: location(source), target: location(target), excluded: excluded.map(location), ...shown };
}

/** The DistCp jobs of a planned job, as its form says: a list only when none of its targets exists. */
export function distcpJobsOf({ form, copies }: TransferJob, exists: (place: string) => boolean): readonly CopyJob[] {
  if (form.kind !== 'list' || copies.some(({ target }) => exists(target))) return copies.map(pairOf);
  const pairs = copies.map(pairOf);
  return [
    {
      id: 'copy-1',
      kind: 'list',
      sources: copies.map(({ source }) => location(source)),
      target: location(form.target),
      excluded: pairs.flatMap(({ excluded }) => excluded),
      visible: pairs.flatMap(({ visible }) => visible ?? []),
    },
  ];
}

/** What lies at the target after each job in turn, and what each did. */
export function runJobs(
  jobs: readonly TransferJob[],
  world: { readonly source: readonly TreeEntry[]; readonly target: readonly TreeEntry[] },
): { readonly target: readonly TreeEntry[]; readonly effects: readonly CopyEffect[] } {
  let target = [...world.target];
  const effects: CopyEffect[] = [];
  for (const job of jobs) {
    const exists = (place: string) => target.some((entry) => entry.location === place || entry.location.startsWith(`${place}/`));
    for (const distcp of distcpJobsOf(job, exists)) {
      const effect = effectOf(distcp, { source: world.source, target });
      effects.push(effect);
      target = [...target, ...madeBy(effect)];
    }
  }
  return { target, effects };
}

function madeBy(effect: CopyEffect): readonly TreeEntry[] {
  if (effect.kind === 'refused') return [];
  const files = effect.files.filter(({ action }) => action === 'copied');
  return [
    ...files.map(({ target, sizeBytes }): TreeEntry => ({ location: target, kind: 'file', sizeBytes })),
    ...effect.directoriesMade.map((made): TreeEntry => ({ location: made, kind: 'directory', sizeBytes: 0 })),
  ];
}
