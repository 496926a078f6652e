/**
 * Locations as texts that keep the letters they were given: namespaces are names of services (`hdfs://HDP50`), and a nameservice is
 * looked up letter by letter. A doubled or trailing slash means nothing; prefixes match on whole segments.
 */

const NAMESPACE = /^[a-zA-Z][a-zA-Z0-9+.-]*:\/\/[^/]*/;

/** `scheme://authority`; undefined for a path alone. */
export function namespaceIn(text: string): string | undefined {
  return NAMESPACE.exec(text)?.[0];
}

/** The path without its namespace: a leading slash, none doubled, none at the end. */
export function pathIn(text: string): string {
  const path = text.slice((namespaceIn(text) ?? '').length);
  return isClean(path) ? path : `/${segmentsIn(path).join('/')}`;
}

/** The text in its canonical form. */
export function canonicalPlace(text: string): string {
  const namespace = namespaceIn(text) ?? '';
  return isClean(text.slice(namespace.length)) ? text : place(namespace, pathIn(text));
}

/** A path below a namespace, or below another place; several parts are joined. */
export function place(base: string | undefined, ...parts: readonly string[]): string {
  const [only = ''] = parts;
  // Nearly all partitions.
  if (parts.length === 1 && base !== undefined && !base.endsWith('/') && isPlain(only)) return `${base}/${only}`;
  const joined = parts
    .map(bare)
    .filter((part) => part !== '')
    .join('/');
  const start = base ?? '';
  return `${start.endsWith('/') ? start.replace(/\/+$/, '') : start}/${joined}`;
}

export function lastNameIn(text: string): string {
  const path = pathIn(text);
  return path.slice(path.lastIndexOf('/') + 1);
}

export function parentOf(text: string): string {
  const clean = canonicalPlace(text);
  const start = (namespaceIn(clean) ?? '').length;
  const at = clean.lastIndexOf('/');
  return at <= start ? `${clean.slice(0, start)}/` : clean.slice(0, at);
}

/** True when `inner` is `outer` or lies below it; both with a namespace, or both without. */
export function liesWithin(inner: string, outer: string): boolean {
  return restBelow(inner, outer) !== undefined;
}

/** The path of `inner` below `outer` (`''` when equal); undefined when it does not lie there. */
export function restBelow(inner: string, outer: string): string | undefined {
  const rest = inner.slice(outer.length + 1);
  // Nearly all partitions: to see where they lie, nothing has to be put into canonical form.
  if (isPlain(rest) && inner.charAt(outer.length) === '/' && inner.startsWith(outer) && !outer.endsWith('/')) return rest;
  const [a, b] = [canonicalPlace(inner), canonicalPlace(outer).replace(/\/$/, '')];
  if (!a.startsWith(b)) return undefined;
  if (a.length === b.length) return '';
  return a.charAt(b.length) === '/' && (b !== '' || namespaceIn(a) === undefined) ? a.slice(b.length + 1) : undefined;
}

/** A path whose directories `db` and `db.db` are renamed; other segments stay, also when they contain the name. */
export function renameDatabaseIn(path: string, from: string, to: string): string {
  if (from === to) return path;
  const renamed = path.split('/').map((segment) => {
    if (segment === from) return to;
    return segment === `${from}.db` ? `${to}.db` : segment;
  });
  return renamed.join('/');
}

/** The root, or a path with a leading slash, none doubled, none at the end. */
function isClean(path: string): boolean {
  return path === '/' || (path.startsWith('/') && !path.endsWith('/') && !path.includes('//'));
}

/** A part without slashes around it, and none doubled. */
function bare(part: string): string {
  if (isPlain(part)) return part;
  return isClean(part) ? part.slice(1) : segmentsIn(part).join('/');
}

function isPlain(part: string): boolean {
  return part !== '' && !part.startsWith('/') && !part.endsWith('/') && !part.includes('//');
}

function segmentsIn(path: string): readonly string[] {
  return path.split('/').filter((segment) => segment !== '');
}
