/**
 * Locations as texts that keep the letters they were given: namespaces are names of services (`hdfs://HDP50`), and a nameservice is
 * looked up letter by letter. A doubled or trailing slash means nothing; prefixes match on whole segments.
 */

const NAMESPACE = /^[a-zA-Z][a-zA-Z0-9+.-]*:\/\/[^/]*/;

/** `scheme://authority`; undefined for a path alone. */
export function namespaceIn(text: string): string | undefined {
  return NAMESPACE.exec(text.trim())?.[0];
}

/** The path without its namespace: a leading slash, none doubled, none at the end. */
export function pathIn(text: string): string {
  return `/${segmentsOf(text).join('/')}`;
}

/** The text in its canonical form. */
export function canonicalPlace(text: string): string {
  return place(namespaceIn(text), pathIn(text));
}

/** A path below a namespace; several parts are joined. */
export function place(namespace: string | undefined, ...parts: readonly string[]): string {
  const base = (namespace ?? '').replace(/\/+$/, '');
  return `${base}/${parts.flatMap((part) => segmentsOf(part)).join('/')}`;
}

export function lastNameIn(text: string): string {
  return segmentsOf(text).at(-1) ?? '';
}

export function parentOf(text: string): string {
  return place(namespaceIn(text), ...segmentsOf(text).slice(0, -1));
}

/** True when `inner` is `outer` or lies below it; both with a namespace, or both without. */
export function liesWithin(inner: string, outer: string): boolean {
  return restBelow(inner, outer) !== undefined;
}

/** The path of `inner` below `outer` (`''` when equal); undefined when it does not lie there. */
export function restBelow(inner: string, outer: string): string | undefined {
  if (namespaceIn(inner) !== namespaceIn(outer)) return undefined;
  const a = segmentsOf(inner);
  const b = segmentsOf(outer);
  return b.length <= a.length && b.every((segment, index) => segment === a[index]) ? a.slice(b.length).join('/') : undefined;
}

/** A path whose directories `db` and `db.db` are renamed; other segments stay, also when they contain the name. */
export function renameDatabaseIn(path: string, from: string, to: string): string {
  if (from === to) return path;
  const renamed = segmentsOf(path).map((segment) => {
    if (segment === from) return to;
    return segment === `${from}.db` ? `${to}.db` : segment;
  });
  const text = place(namespaceIn(path), ...renamed);
  return path.startsWith('/') || namespaceIn(path) !== undefined ? text : text.slice(1);
}

function segmentsOf(text: string): readonly string[] {
  const trimmed = text.trim();
  const namespace = namespaceIn(trimmed) ?? '';
  return trimmed
    .slice(namespace.length)
    .split('/')
    .filter((segment) => segment !== '');
}
