import { z } from 'zod';

export const Facts = z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.array(z.string())]));

export const Issue = z
  .object({
    code: z.string().meta({ example: 'ACID_FILES_CANNOT_BE_COPIED' }),
    severity: z.enum(['note', 'warning', 'refusal']),
    subject: z.string(),
    detail: Facts,
    text: z.string().meta({ description: 'What is true about it.' }),
    advice: z.string().meta({ description: 'What to do.' }),
  })
  .meta({ id: 'Issue', description: 'Something true about a table, or a database, that the user should know.' });
