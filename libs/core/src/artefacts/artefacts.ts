import { sortedBy } from '../model/order.ts';
import { displayName } from '../model/table.ts';
import type { Artefact, ArtefactInput } from './artefact.ts';
import { hiveqlFile } from './hiveql-files.ts';
import { filesOfPlans } from './plan-copies.ts';
import { planReport, planRunBook } from './plan-report.ts';

/** The files of one database, named as hms-mirror names them: DistCp, the HiveQL of each side, report and run book. */
export function artefactsOf(given: ArtefactInput): readonly Artefact[] {
  const input = { ...given, tables: sortedBy(given.tables, ({ source }) => displayName(source)) };
  const stem = given.database.source.replaceAll(/[^\w.-]/gu, '_');
  const files = [
    { path: `${stem}_LEFT_execute.sql`, content: hiveqlFile(input, 'source') },
    { path: `${stem}_RIGHT_execute.sql`, content: hiveqlFile(input, 'target') },
    ...filesOfPlans(stem, input).map(({ path, pieces }) => ({ path, content: [...pieces].join('') })),
    { path: `${stem}_hms-mirror.md`, content: planReport(input) },
  ];
  const names = files.map(({ path }) => path);
  return isToBeRun(input) ? [...files, { path: `${stem}_runbook.md`, content: planRunBook(stem, input, names) }] : files;
}

function isToBeRun({ tables }: ArtefactInput): boolean {
  return tables.some(({ strategy, decision }) => strategy !== 'DUMP' && decision === 'MIGRATE');
}
