import type { ArtefactInput } from './artefact.ts';

/** Which cluster's Hadoop runs the copies of these files, in a sentence. */
export function runsWhere({ settings, tables }: Pick<ArtefactInput, 'settings' | 'tables'>): string {
  const where = placeOf(settings);
  return tables.some(({ copiedBy }) => copiedBy === 'external')
    ? `${where} The service runs none of them (copy.by: external); its run waits until they are done.`
    : where;
}

function placeOf(settings: ArtefactInput['settings']): string {
  return settings.distcp.flow === 'PUSH'
    ? 'To be run at the source cluster (PUSH), by a Hadoop that reaches the target and may write there.'
    : 'To be run at the target cluster (PULL), by a Hadoop that reaches the source and may read there.';
}
