/** A mapping of YAML before it is checked. */
export type Tree = Readonly<Record<string, unknown>>;

export function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function valueAt(tree: Tree, [first, ...rest]: readonly string[]): unknown {
  if (first === undefined) return tree;
  const value = Object.hasOwn(tree, first) ? tree[first] : undefined;
  if (rest.length === 0) return value;
  return isTree(value) ? valueAt(value, rest) : undefined;
}

/** The tree with one value set; mappings on the way to it are made. */
export function withValue(tree: Tree, [first, ...rest]: readonly string[], value: unknown): Tree {
  if (first === undefined) return tree;
  const inner = Object.hasOwn(tree, first) ? tree[first] : undefined;
  return { ...tree, [first]: rest.length === 0 ? value : withValue(isTree(inner) ? inner : {}, rest, value) };
}

export function withoutValue(tree: Tree, [first, ...rest]: readonly string[]): Tree {
  if (first === undefined) return tree;
  const inner = tree[first];
  if (rest.length > 0) return isTree(inner) ? { ...tree, [first]: withoutValue(inner, rest) } : tree;
  return Object.fromEntries(Object.entries(tree).filter(([key]) => key !== first));
}

/** `null` says nothing: a key without a value has its default. */
export function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.filter((inner) => inner !== null).map(withoutNulls);
  if (!isTree(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, inner]) => inner !== null)
      .map(([key, inner]) => [key, withoutNulls(inner)]),
  );
}
