import type { ArtefactInput } from './artefact.ts';

/** Which cluster's Hadoop runs the copies of these files, in a sentence. */
export function runsWhere({ settings }: Pick<ArtefactInput, 'settings'>): string {
  return settings.distcp.flow === 'PUSH'
    ? 'To be run at the source cluster (PUSH), by a Hadoop that reaches the target and may write there.'
    : 'To be run at the target cluster (PULL), by a Hadoop that reaches the source and may read there.';
}
