import { targetDatabase } from '../inventory/table-input.ts';
import type { TableInput } from '../inventory/table-input.ts';
import { parameterOf } from '../inventory/table-kind.ts';
import type { Location } from '../model/location.ts';
import { tableParameters } from './properties.ts';
import { descriptor, withoutEmptyComment } from './translate-table.ts';
import type { TranslatedTable } from './translate-table.ts';

/**
 * A transactional table that stays one: managed, with the same kind of transactions and the same buckets.
 *
 * @param to where Hive places it
 */
export function translateTransactional(input: TableInput, to: Location): TranslatedTable {
  const { table } = input.source;
  const kept = tableParameters(table.parameters);
  // Hive writes `default` where a full ACID table says nothing.
  const properties = parameterOf(table, 'transactional_properties')?.toLowerCase() ?? 'default';
  const explicit = {
    bucketing_version: table.parameters['bucketing_version'] ?? '1',
    transactional: 'true',
    transactional_properties: properties,
  };
  return {
    table: {
      ...table,
      database: targetDatabase(table.database, input.settings),
      tableType: 'MANAGED_TABLE',
      parameters: { ...kept.parameters, ...explicit },
      partitionKeys: table.partitionKeys.map(withoutEmptyComment),
      storage: descriptor(table.storage, to),
    },
    decisions: [
      {
        rule: 'stays-transactional',
        reason: `managed and transactional (${properties}), as at the source: its rows are written by Hive in a transaction of the target`,
      },
      ...kept.decisions.filter(({ rule }) => rule !== 'not-transactional'),
    ],
  };
}
