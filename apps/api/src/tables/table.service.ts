import type { TableDetail, TableQuery, TableSummary } from '@hiveferry/contracts';
import type { TableName } from '@hiveferry/core';
import { displayName } from '@hiveferry/core';
import { RUN_STORE } from '@hiveferry/platform';
import type { Page, RunRecord, RunStore } from '@hiveferry/ports';
import { Inject, Injectable } from '@nestjs/common';
import { notFound } from '../http/refusals.ts';
import { targetOf } from '../runs/target-of.ts';
import { tableDetailOf, tableSummaryOf } from './table.view.ts';

interface OneTable {
  readonly runId: string;
  readonly source: TableName;
  readonly target?: string;
}

/** Read models of the tables of a run. */
@Injectable()
export class TableService {
  private readonly store: RunStore;

  constructor(@Inject(RUN_STORE) store: RunStore) {
    this.store = store;
  }

  async list(runId: string, query: TableQuery): Promise<Page<TableSummary>> {
    await this.run(runId);
    const page = await this.store.tables({ runId, ...query });
    return { ...page, items: page.items.map(tableSummaryOf) };
  }

  async detail({ runId, source, target: asked }: OneTable): Promise<TableDetail> {
    const target = targetOf(await this.run(runId), asked);
    const table = await this.store.table(runId, target, source);
    if (table === undefined) throw notFound('table', `${displayName(source)} in run ${runId} on ${target}`);
    const [plan, steps] = await Promise.all([this.store.tablePlan(runId, target, source), this.store.steps(runId, target, source)]);
    return tableDetailOf(table, plan, steps);
  }

  private async run(id: string): Promise<RunRecord> {
    const run = await this.store.run(id);
    if (run === undefined) throw notFound('run', id);
    return run;
  }
}
