export { openDataSet } from './open-data-set.ts';
export type { DataSet, DataSetDatabase } from './open-data-set.ts';
export type { DataSetEntry, UnreadableTable } from './recorded-table.ts';
export { readSnapshot } from './snapshot-file.ts';
