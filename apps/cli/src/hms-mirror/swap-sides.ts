import type { RecordedDatabase, TablePair } from '@hiveferry/core';

/** The database seen from the other side: DUMP of RIGHT writes down what the target has. */
export function swapSides({ name, source, target, tables }: RecordedDatabase): RecordedDatabase {
  return {
    name,
    ...(target === undefined ? {} : { source: target }),
    ...(source === undefined ? {} : { target: source }),
    tables: tables.map(swapPair),
  };
}

function swapPair({ name, source, target }: TablePair): TablePair {
  return { name, ...(target === undefined ? {} : { source: target }), ...(source === undefined ? {} : { target: source }) };
}
