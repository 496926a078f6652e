import { sortedBy } from './order.ts';

/** JSON with sorted keys and without absent ones (`''` for undefined itself): equal values give equal text, also after a store that keeps no order of keys. */
export function canonicalJson(value: unknown): string {
  if (value === undefined) return '';
  return JSON.stringify(value, (_, inner: unknown) =>
    isRecord(inner) ? Object.fromEntries(sortedBy(Object.entries(inner), ([key]) => key)) : inner,
  );
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
