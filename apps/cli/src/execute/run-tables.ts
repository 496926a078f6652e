import type { TableSummary } from '@hiveferry/contracts';
import type { Service } from './embedded-service.ts';

interface Page {
  readonly items: readonly TableSummary[];
  readonly nextPageToken?: string;
}

/** All tables of a run, by database and name. */
export async function tablesOf(service: Service, runId: string): Promise<readonly TableSummary[]> {
  const tables: TableSummary[] = [];
  let token = '';
  do {
    const page = await service.get<Page>(`/v1/runs/${runId}/tables?pageSize=200${token === '' ? '' : `&pageToken=${token}`}`);
    tables.push(...page.items);
    token = page.nextPageToken ?? '';
  } while (token !== '');
  return tables;
}
