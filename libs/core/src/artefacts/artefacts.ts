import { sortedBy } from '../model/order.ts';
import { displayName } from '../model/table.ts';
import type { Artefact, ArtefactInput } from './artefact.ts';
import { hiveqlFile } from './hiveql-files.ts';
import { filesOfPlans } from './plan-copies.ts';

/** The files of one database: the four DistCp artefacts and the HiveQL of each side, named as hms-mirror names them. */
export function artefactsOf(given: ArtefactInput): readonly Artefact[] {
  const input = { ...given, tables: sortedBy(given.tables, ({ source }) => displayName(source)) };
  const stem = given.database.source.replaceAll(/[^\w.-]/gu, '_');
  return [
    { path: `${stem}_LEFT_execute.sql`, content: hiveqlFile(input, 'source') },
    { path: `${stem}_RIGHT_execute.sql`, content: hiveqlFile(input, 'target') },
    ...filesOfPlans(stem, input).map(({ path, pieces }) => ({ path, content: [...pieces].join('') })),
  ];
}
