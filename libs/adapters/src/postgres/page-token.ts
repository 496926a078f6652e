import { MigrationError } from '@hiveferry/core';
import type { Page } from '@hiveferry/ports';

/** Page tokens are opaque to callers: the sort key of the last item shown. */
function encodePageToken(key: readonly string[]): string {
  return Buffer.from(JSON.stringify(key)).toString('base64url');
}

/** Fault PAGE_TOKEN_INVALID when it is none of ours. */
export function decodePageToken(token: string, parts: number): readonly string[] {
  const key = parse(token);
  if (Array.isArray(key) && key.length === parts && key.every((part) => typeof part === 'string')) return key;
  throw new MigrationError('PAGE_TOKEN_INVALID', 'the page token was not given by this service: begin without one', {
    category: 'request',
    retry: 'never',
    subject: 'pageToken',
  });
}

/** Rows were read with one more than the page holds: that one says there is a next page. */
export function pageOf<Row, Item>(
  rows: readonly Row[],
  pageSize: number,
  shape: { readonly key: (row: Row) => readonly string[]; readonly item: (row: Row) => Item },
): Page<Item> {
  const shown = rows.slice(0, pageSize);
  const last = shown.at(-1);
  const items = shown.map((row) => shape.item(row));
  return rows.length > pageSize && last !== undefined ? { items, nextPageToken: encodePageToken(shape.key(last)) } : { items };
}

function parse(token: string): unknown {
  try {
    return JSON.parse(Buffer.from(token, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
}
