import { z } from 'zod';

export const ProblemDetail = z
  .object({
    pointer: z
      .string()
      .meta({ description: 'JSON pointer into the body, or `?name` for a query parameter.', example: '/selection/databases/0' }),
    code: z.string().meta({ example: 'unrecognized_keys' }),
    message: z.string().meta({ example: 'Unrecognized key: "databses"' }),
  })
  .meta({ id: 'ProblemDetail', description: 'One thing that is wrong with the request, and where.' });

/** RFC 9457. `code` is stable; `detail` says what was expected, what was found and what to do. */
export const Problem = z
  .object({
    type: z.string().meta({ description: 'Stable identifier of the kind of problem.', example: 'urn:hiveferry:problem:REQUEST_INVALID' }),
    title: z.string().meta({ example: 'Request invalid' }),
    status: z.int().meta({ example: 400 }),
    detail: z.string().meta({ example: 'selection.databases: expected at least one database, found none.' }),
    instance: z.string().meta({ description: 'Path of the request.', example: '/v1/migrations' }),
    code: z.string().meta({ description: 'Stable machine code.', example: 'REQUEST_INVALID' }),
    retryable: z.boolean().meta({ description: 'True when the same request may succeed later.', example: false }),
    requestId: z.string().exactOptional().meta({ description: 'Finds the log lines of this request.' }),
    subject: z.string().exactOptional().meta({ description: 'What it is about: a table, a cluster, a key.' }),
    advice: z.string().exactOptional().meta({ description: 'What to do.' }),
    errors: z.array(ProblemDetail).exactOptional(),
  })
  .meta({ id: 'Problem', description: 'An error as `application/problem+json` (RFC 9457).' });
export type Problem = z.infer<typeof Problem>;
export type ProblemDetail = z.infer<typeof ProblemDetail>;
