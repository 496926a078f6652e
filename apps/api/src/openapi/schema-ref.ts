import type { z } from 'zod';

/** Points to a schema of the document by the id that it was given in contracts. */
export function schemaRef(schema: z.ZodType): { readonly $ref: string } {
  return { $ref: `#/components/schemas/${schema.meta()?.id ?? ''}` };
}
