/**
 * The script of the HTML report: unpacks what the file holds, lists, searches and shows it. Names and texts of users are only ever
 * set as text, never as markup.
 */
import { copyPlan } from './copy-list.ts';
import { element } from './elements.ts';
import { unpackAll } from './packed-parts.ts';
import type { WholeEnding, ReportFacts, ReportRow } from '../report-model.ts';
import { issueSection, leftOutSection, summary } from './sections.ts';
import { tableList } from './table-list.ts';

async function showReport(into: HTMLElement): Promise<void> {
  const [facts] = await unpackAll<ReportFacts>('facts');
  const [ending] = await unpackAll<WholeEnding>('ending');
  if (facts === undefined || ending === undefined) throw new Error('the file is not complete: its end or its beginning is missing');
  const rows = (await unpackAll<readonly ReportRow[]>('rows')).flat();
  const tables = tableList(rows, facts);
  into.replaceChildren(
    ...summary(facts, rows),
    ...issueSection(ending, tables.showIssue),
    ...tables.parts,
    ...leftOutSection(ending),
    ...copyPlan(
      rows.reduce((sum, row) => sum + row[6], 0),
      facts,
    ),
  );
}

const main = document.querySelector<HTMLElement>('#report');
if (main !== null) {
  showReport(main).catch((error: unknown) => {
    const reason = error instanceof Error ? error.message : String(error);
    main.replaceChildren(element('p', { role: 'alert' }, `The report cannot be shown: ${reason}. Open it in a browser of 2023 or later.`));
  });
}
