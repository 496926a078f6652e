/** Which tables a data set has, and which of them a migration by SCHEMA_ONLY must refuse: the tests' expectation. */
import { archive } from './archive.ts';
import type { TableDefinition, TableKind } from './definition.ts';
import { HR } from './hr.ts';
import { KEYWORDS } from './keywords.ts';
import { SALES } from './sales.ts';
import { WEB_LOGS } from './web-logs.ts';

export type DataSize = 'tiny' | 'small' | { readonly tables: number };

export interface CatalogTable {
  readonly db: string;
  readonly table: string;
  readonly kind: TableKind;
  /** Why SCHEMA_ONLY refuses it; absent when it must come out VERIFIED. */
  readonly refusedBySchemaOnly?: 'ACID';
}

const TINY: readonly TableDefinition[] = [...SALES, ...HR, ...WEB_LOGS, ...KEYWORDS];
const SMALL: readonly TableDefinition[] = [...TINY, ...archive('archive', 14, 4000)];

export function definitionsOf(size: DataSize): readonly TableDefinition[] {
  if (size === 'tiny') return TINY;
  if (size === 'small') return SMALL;
  const more = Math.max(0, size.tables - TINY.length);
  return [...TINY, ...archive(`bulk_${more}`, more, 20)];
}

export function catalogOf(size: DataSize): readonly CatalogTable[] {
  return definitionsOf(size).map(({ db, table, kind }) => ({
    db,
    table,
    kind,
    ...(kind === 'acid' || kind === 'insert-only' ? { refusedBySchemaOnly: 'ACID' as const } : {}),
  }));
}
