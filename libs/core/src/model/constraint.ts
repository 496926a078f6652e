import type { TableName } from './table.ts';

/** A constraint of a table. Hive enforces none of them but NOT NULL, CHECK and DEFAULT. */
export interface TableConstraint {
  readonly kind: 'PRIMARY_KEY' | 'FOREIGN_KEY' | 'UNIQUE' | 'NOT_NULL' | 'DEFAULT' | 'CHECK';
  readonly name?: string;
  /** Empty for a CHECK on the table. */
  readonly columns: readonly string[];
  /** FOREIGN_KEY only. */
  readonly references?: { readonly table: TableName; readonly columns: readonly string[] };
  /** The text of DEFAULT and CHECK. */
  readonly expression?: string;
  /** `ENABLE`, `DISABLE`, `VALIDATE`, `NOVALIDATE`, `RELY`, `NORELY`, `ENFORCED`, `NOT ENFORCED`, in the order of the text. */
  readonly traits: readonly string[];
}
