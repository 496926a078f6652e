import { z } from 'zod';

export const MAX_PAGE_SIZE = 500;

const pageSize = z.coerce.number<string>().int().min(1).max(MAX_PAGE_SIZE).default(50);
const pageToken = z.string().min(1).max(2048).exactOptional();

/** Query of every list. Keyset pages: a page costs the same wherever it lies. */
export const PageQuery = z.strictObject({ pageSize, pageToken });
export type PageQuery = z.infer<typeof PageQuery>;

export const NextPageToken = z
  .string()
  .exactOptional()
  .meta({ description: 'Opaque: send it as `pageToken` to get the next page. Absent on the last page.' });
