import { z } from 'zod';
import { HmsMirrorSchema } from './configuration-schema.ts';

/** One key of hms-mirror's configuration, for pages and for advice. */
interface SchemaKey {
  readonly path: string;
  readonly description: string;
}

/** Names of the keys right below a path of hms-mirror's configuration. */
export function keysAt(path: readonly string[]): readonly string[] {
  const inner = path.reduce<z.core.$ZodType | undefined>((schema, key) => {
    const at = schema === undefined ? undefined : unwrapped(schema);
    if (at instanceof z.ZodObject) return (at.shape as Readonly<Record<string, z.core.$ZodType>>)[key];
    return at instanceof z.ZodRecord ? at.valueType : undefined;
  }, HmsMirrorSchema);
  const object = inner === undefined ? undefined : unwrapped(inner);
  return object instanceof z.ZodObject ? Object.keys(object.shape) : [];
}

/** The schema without the wrappers for defaults and absence. */
function unwrapped(schema: z.core.$ZodType): z.core.$ZodType {
  if (
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault ||
    schema instanceof z.ZodExactOptional ||
    schema instanceof z.ZodOptional
  ) {
    return unwrapped(schema.unwrap());
  }
  return schema instanceof z.ZodPipe ? unwrapped(schema.out) : schema;
}

/** Every key with its description, nested ones with dots. */
export function schemaKeys(schema: z.core.$ZodType = HmsMirrorSchema, prefix = ''): readonly SchemaKey[] {
  const object = unwrapped(schema);
  if (!(object instanceof z.ZodObject)) return [];
  const shape = object.shape as Readonly<Record<string, z.ZodType>>;
  return Object.entries(shape).flatMap(([key, inner]) => [
    { path: `${prefix}${key}`, description: inner.description ?? '' },
    ...schemaKeys(inner, `${prefix}${key}.`),
  ]);
}
