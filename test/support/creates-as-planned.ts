import type { Table } from '@hiveferry/core';
import { createdBy } from './fake-cluster.ts';
import type { FakeCluster } from './fake-cluster.ts';
import type { TestStores } from './stores.ts';

/** Does for a CREATE what Hive would on that target, by the plan's own word; those of the preflight leave nothing. */
export function createsAsPlanned(stores: TestStores, cluster: FakeCluster): (sql: string) => Promise<void> {
  return async (sql) => {
    const name = createdBy(sql);
    if (name === undefined || name.database === 'hiveferry_preflight') return;
    const [row] = await stores.rows<{ expected: Table }>(
      `select plan -> 'expected' as expected from run_table where target = $1 and target_database = $2 and target_table = $3 limit 1`,
      [cluster.facts.name, name.database, name.table],
    );
    if (row !== undefined) cluster.metastore.putTable({ table: row.expected, partitions: [] });
  };
}
