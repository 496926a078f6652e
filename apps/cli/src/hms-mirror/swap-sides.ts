import type { DatabaseHead, TablePair } from '@hiveferry/core';

/** A database seen from the other side: DUMP of RIGHT writes down what the target has. */
export function swapHead({ name, source, target }: DatabaseHead): DatabaseHead {
  return { name, ...(target === undefined ? {} : { source: target }), ...(source === undefined ? {} : { target: source }) };
}

/** The same for one of its tables. */
export function swapPair({ name, source, target }: TablePair): TablePair {
  return { name, ...(target === undefined ? {} : { source: target }), ...(source === undefined ? {} : { target: source }) };
}
