/** Requests made of an OpenAPI document: some as it says, some nearly, some not at all. */
import fc from 'fast-check';

export interface JsonSchema {
  readonly $ref?: string;
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: JsonSchema | boolean;
  readonly items?: JsonSchema;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly format?: string;
}

interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required?: boolean;
  readonly schema?: JsonSchema;
}

interface Content {
  readonly content?: Readonly<Record<string, { readonly schema?: JsonSchema }>>;
}

export interface Operation {
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: Content;
  readonly responses: Readonly<Record<string, Content>>;
}

export interface OpenApi {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, JsonSchema>> };
}

export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly path: string;
  readonly operation: Operation;
}

export interface Asked {
  readonly method: Route['method'];
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly payload?: string;
}

/** Things that are there, by the name of a parameter or key; without them every request would end at the first look. */
export type Known = Readonly<Record<string, readonly string[]>>;

const METHODS = { get: 'GET', post: 'POST', put: 'PUT', delete: 'DELETE' } as const;

export function routesOf(document: OpenApi): readonly Route[] {
  return Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(METHODS).flatMap(([key, method]) => {
      const operation = item[key];
      return operation === undefined ? [] : [{ method, path, operation }];
    }),
  );
}

/** @param valid bodies that the route takes */
export function requestsOf(
  { method, path, operation }: Route,
  document: OpenApi,
  { known, valid }: { readonly known: Known; readonly valid: readonly unknown[] },
): fc.Arbitrary<Asked> {
  const { parameters = [] } = operation;
  const values = new ValuesOf(document, known);
  const of = (place: Parameter['in']): readonly Parameter[] => parameters.filter((each) => each.in === place);
  return fc
    .record({
      path: fc.record(Object.fromEntries(of('path').map((each) => [each.name, values.segment(each)]))),
      query: someOf(Object.fromEntries(of('query').map((each) => [each.name, values.text(each)]))),
      further: fc.oneof({ weight: 9, arbitrary: fc.constant({}) }, fc.dictionary(fc.string(), fc.string(), { maxKeys: 2 })),
      headers: someOf(Object.fromEntries(of('header').map((each) => [each.name.toLowerCase(), headerText]))),
      payload: values.body(operation.requestBody?.content?.['application/json']?.schema, valid),
      type: fc.oneof(
        { weight: 9, arbitrary: fc.constant('application/json') },
        fc.constantFrom('text/plain', 'application/xml', 'application/json; charset=x'),
      ),
    })
    .map(({ path: segments, query, further, headers, payload, type }) => ({
      method,
      url: `${path.replaceAll(/\{(\w+)\}/g, (_, name: string) => segments[name] ?? 'x')}${queryText({ ...further, ...query })}`,
      headers: { ...headers, ...(payload !== undefined && { 'content-type': type }) },
      ...(payload !== undefined && { payload }),
    }));
}

/** `fc.record` rarely leaves an optional key out. */
function someOf(values: Readonly<Record<string, fc.Arbitrary<string>>>): fc.Arbitrary<Readonly<Record<string, string>>> {
  return fc
    .tuple(fc.subarray(Object.keys(values)), fc.record(values))
    .map(([kept, all]) => Object.fromEntries(kept.flatMap((key) => (all[key] === undefined ? [] : [[key, all[key]]]))));
}

const headerText = fc.oneof(fc.stringMatching(/^[!-~]{1,40}$/), fc.stringMatching(/^[ -~]{0,20}$/));
const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.constantFrom('', '.', '..', '%', '\u0000', "'", '../../x', 'a'.repeat(600)),
);

function queryText(query: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(query).map(([key, value]) => `${escaped(key)}=${escaped(value)}`);
  return pairs.length === 0 ? '' : `?${pairs.join('&')}`;
}

/** A lone surrogate has no encoding. */
const escaped = (text: string): string => encodeURIComponent(text.toWellFormed());

class ValuesOf {
  readonly #document: OpenApi;
  readonly #known: Known;

  constructor(document: OpenApi, known: Known) {
    this.#document = document;
    this.#known = known;
  }

  segment(parameter: Parameter): fc.Arbitrary<string> {
    return fc.oneof({ weight: 8, arbitrary: this.text(parameter).map(escaped) }, fc.constantFrom('%zz', '%00', '..', 'x:y', '%2e%2e%2f'));
  }

  text({ name, schema = {} }: Parameter): fc.Arbitrary<string> {
    const known = this.#knownAs(name);
    const meant = this.of(schema, name).map((value) => (typeof value === 'string' ? value : JSON.stringify(value)));
    return fc.oneof(...known, ...known, ...known, meant, anyText);
  }

  body(schema: JsonSchema | undefined, valid: readonly unknown[]): fc.Arbitrary<string | undefined> {
    if (schema === undefined) return fc.oneof({ weight: 8, arbitrary: fc.constant(undefined) }, fc.json());
    const meant = fc.oneof(this.of(schema, ''), ...valid.map((each) => fc.constant(each)));
    const nearly = fc.tuple(meant, fc.string(), fc.jsonValue()).map(([value, key, more]) => JSON.stringify(nearlyThat(value, key, more)));
    return fc.oneof(
      { weight: 6, arbitrary: meant.map((value) => JSON.stringify(value)) },
      { weight: 3, arbitrary: nearly },
      fc.json(),
      fc.string(),
      fc.constant(undefined),
    );
  }

  of(schema: JsonSchema, name: string): fc.Arbitrary<unknown> {
    if (schema.$ref !== undefined) return this.of(this.#document.components.schemas[schema.$ref.split('/').at(-1) ?? ''] ?? {}, name);
    if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
    const shapes = schema.anyOf ?? schema.oneOf;
    if (shapes !== undefined) return fc.oneof(...shapes.map((shape) => this.of(shape, name)));
    return this.#ofType(schema, name);
  }

  #ofType(schema: JsonSchema, name: string): fc.Arbitrary<unknown> {
    const { minimum = -10, maximum = 2 ** 31, minItems = 0, maxItems = 3 } = schema;
    switch (schema.type) {
      case 'object':
        return this.#object(schema);
      case 'array':
        return fc.array(this.of(schema.items ?? {}, name), { minLength: minItems, maxLength: Math.max(minItems, Math.min(maxItems, 3)) });
      case 'string':
        return fc.oneof(...this.#knownAs(name), textOf(schema));
      case 'integer':
        return fc.integer({ min: Math.max(minimum, -(2 ** 31)), max: Math.min(maximum, 2 ** 31) });
      case 'number':
        return fc.double({ min: minimum, max: maximum, noNaN: true });
      case 'boolean':
        return fc.boolean();
      case undefined:
      default:
        return fc.jsonValue();
    }
  }

  #object({ properties = {}, required = [], additionalProperties }: JsonSchema): fc.Arbitrary<unknown> {
    const own = Object.fromEntries(Object.entries(properties).map(([key, value]) => [key, this.of(value, key)]));
    const named = fc.record(own, { requiredKeys: required.filter((key) => key in own) });
    if (typeof additionalProperties !== 'object') return named;
    return fc
      .tuple(fc.dictionary(fc.string({ maxLength: 8 }), this.of(additionalProperties, ''), { maxKeys: 2 }), named)
      .map(([more, value]) => ({ ...more, ...value }));
  }

  #knownAs(name: string): readonly fc.Arbitrary<string>[] {
    const values = this.#known[name];
    return values === undefined || values.length === 0 ? [] : [fc.constantFrom(...values)];
  }
}

function textOf({ pattern, format, minLength = 0, maxLength = 60 }: JsonSchema): fc.Arbitrary<string> {
  if (format === 'uuid') return fc.uuid();
  if (pattern !== undefined) return fc.oneof({ weight: 8, arbitrary: fc.stringMatching(new RegExp(pattern)) }, anyText);
  return fc.string({ unit: 'grapheme', minLength, maxLength: Math.max(minLength, Math.min(maxLength, 60)) });
}

/** One key of another kind, or one too many. */
function nearlyThat(value: unknown, key: string, more: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return more;
  const keys = Object.keys(value);
  const replaced = keys[key.length % Math.max(keys.length, 1)];
  return { ...value, [key.length % 2 === 0 ? key : (replaced ?? key)]: more };
}
