/**
 * A place in a file system, parsed once: scheme, authority and path segments.
 * Text is taken as Hadoop's `Path` takes it: nothing is percent-decoded, a doubled or trailing slash means nothing.
 */
declare const locationBrand: unique symbol;
declare const namespaceBrand: unique symbol;

/** Canonical text `scheme://authority/a/b`: absolute, no doubled or trailing slash. Made only by `parseLocation` and its kin. */
export type Location = string & { readonly [locationBrand]: 'Location' };

/** Canonical `scheme://authority`. */
export type Namespace = string & { readonly [namespaceBrand]: 'Namespace' };

export interface LocationParts {
  readonly namespace: Namespace;
  /** Whole path segments, undecoded; empty for the root of the namespace. */
  readonly segments: readonly string[];
}

const QUALIFIED = /^([a-zA-Z][a-zA-Z0-9+.-]*):\/\/([^/]*)(\/.*)?$/s;

/**
 * Parses location text; text without a scheme is taken below `defaultNamespace`.
 *
 * @returns undefined for relative text, for a path with a `.` or `..` segment, and for a scheme other than `file` without an authority
 */
export function parseLocation(text: string, defaultNamespace?: Namespace): Location | undefined {
  const match = QUALIFIED.exec(text);
  if (match === null) return unqualified(text, defaultNamespace);
  const [, scheme = '', authority = '', path = '/'] = match;
  if (authority === '' && scheme !== 'file') return undefined;
  return canonical(spelledLike(defaultNamespace, `${scheme.toLowerCase()}://${authority}`), path);
}

/**
 * Hadoop finds a nameservice by its name as written (`dfs.ha.namenodes.HDP50`) and compares file systems whatever the case: so the letters
 * stay, but for those of a file system that we know.
 */
function spelledLike(known: Namespace | undefined, namespace: string): string {
  return known !== undefined && known.toLowerCase() === namespace.toLowerCase() ? known : namespace;
}

/** @returns undefined when the text is not `scheme://authority` with an optional trailing slash */
export function parseNamespace(text: string): Namespace | undefined {
  const location = parseLocation(text);
  if (location === undefined) return undefined;
  const { namespace, segments } = partsOf(location);
  return segments.length === 0 ? namespace : undefined;
}

export function partsOf(location: Location): LocationParts {
  const authorityEnd = location.indexOf('/', location.indexOf('://') + 3);
  const namespace = authorityEnd < 0 ? location : location.slice(0, authorityEnd);
  const path = authorityEnd < 0 ? '' : location.slice(authorityEnd + 1);
  return { namespace: asNamespace(namespace), segments: path === '' ? [] : path.split('/') };
}

/** Puts segments below a namespace; segments must hold no slash. */
export function locate(namespace: Namespace, segments: readonly string[]): Location {
  return asLocation(segments.length === 0 ? `${namespace}/` : `${namespace}/${segments.join('/')}`);
}

export function namespaceOf(location: Location): Namespace {
  return partsOf(location).namespace;
}

/** The path below the namespace with a leading slash, `/` for the root: what HDFS itself calls the path. */
export function pathOf(location: Location): string {
  return `/${partsOf(location).segments.join('/')}`;
}

/** True when `inner` is `outer` or lies below it, compared on whole segments. */
export function isWithin(inner: Location, outer: Location): boolean {
  return relativeTo(inner, outer) !== undefined;
}

/** Segments of `inner` below `outer`; undefined when it does not lie there, empty when equal. */
export function relativeTo(inner: Location, outer: Location): readonly string[] | undefined {
  const a = partsOf(inner);
  const b = partsOf(outer);
  if (a.namespace !== b.namespace || a.segments.length < b.segments.length) return undefined;
  return b.segments.every((segment, index) => a.segments[index] === segment) ? a.segments.slice(b.segments.length) : undefined;
}

export function below(location: Location, segments: readonly string[]): Location {
  const { namespace, segments: own } = partsOf(location);
  return locate(namespace, [...own, ...segments]);
}

export function lastSegment(location: Location): string | undefined {
  return partsOf(location).segments.at(-1);
}

function unqualified(text: string, defaultNamespace?: Namespace): Location | undefined {
  if (!text.startsWith('/') || defaultNamespace === undefined) return undefined;
  return canonical(defaultNamespace, text);
}

function canonical(namespace: string, path: string): Location | undefined {
  const segments = path.split('/').filter((segment) => segment !== '');
  if (segments.some((segment) => segment === '.' || segment === '..')) return undefined;
  return locate(asNamespace(namespace), segments);
}

const asLocation = (text: string): Location => text as Location;
const asNamespace = (text: string): Namespace => text as Namespace;
