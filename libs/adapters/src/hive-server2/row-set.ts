import type { Row } from '@hiveferry/ports';

/** Columns of one answer, as HiveServer2 sends them: by position, each with values and a bitmap of nulls. */
export interface RowSet {
  readonly columns?: readonly object[];
}

/** The kinds of `TColumn` in TCLIService.thrift; exactly one is set. */
const KINDS = ['boolVal', 'byteVal', 'i16Val', 'i32Val', 'i64Val', 'doubleVal', 'stringVal', 'binaryVal'];

/**
 * Cells as text, by position: equal column names do not overwrite each other. DECIMAL, dates and complex types come as text already;
 * BIGINT keeps all digits; BINARY is given in hex.
 */
export function rowsOf(set: RowSet): readonly Row[] {
  const columns = (set.columns ?? []).map(cellsOf);
  const length = columns[0]?.length ?? 0;
  return Array.from({ length }, (_, row) => columns.map((cells) => cells[row] ?? null));
}

function cellsOf(column: object): readonly (string | null)[] {
  const fields = new Map<string, unknown>(Object.entries(column));
  const data = KINDS.map((kind) => fields.get(kind)).find((value) => typeof value === 'object' && value !== null);
  if (!hasValues(data)) return [];
  const nulls = 'nulls' in data ? data.nulls : undefined;
  const { values } = data;
  return values.map((value, row) => (isNull(nulls, row) ? null : textOf(value)));
}

function hasValues(data: unknown): data is { readonly values: readonly unknown[] } {
  return typeof data === 'object' && data !== null && 'values' in data && Array.isArray(data.values);
}

/** Bit i of the bitmap, lowest bit first; the bitmap ends where only non-nulls follow. */
function isNull(nulls: unknown, row: number): boolean {
  if (typeof nulls === 'string') return isNull(Buffer.from(nulls, 'latin1'), row);
  if (!(nulls instanceof Uint8Array)) return false;
  return ((nulls[row >> 3] ?? 0) & (1 << (row & 7))) !== 0;
}

function textOf(value: unknown): string {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
  if (isInt64(value)) return Buffer.from(value.buffer).readBigInt64BE(value.offset).toString();
  return String(value);
}

/** The shape of node-int64's values: eight bytes, big end first, at an offset. */
function isInt64(value: unknown): value is { readonly buffer: Uint8Array; readonly offset: number } {
  if (typeof value !== 'object' || value === null || !('buffer' in value) || !('offset' in value)) return false;
  return value.buffer instanceof Uint8Array && typeof value.offset === 'number';
}
