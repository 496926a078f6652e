import { Problem } from '@hiveferry/contracts';
import { SetMetadata, applyDecorators } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiResponse } from '@nestjs/swagger';
import type { z } from 'zod';

const PROBLEMS: Readonly<Record<number, string>> = {
  400: 'Malformed: `errors[]` names every key that is wrong.',
  403: 'Not from or for this machine.',
  404: 'There is no such thing.',
  409: 'Not in this state, or changed meanwhile.',
  413: 'The body is too large.',
  415: 'The body is not JSON.',
  422: 'Understood and refused; `detail` says why and what would do.',
  500: 'The service failed; its log has the reason under the request id.',
  503: 'Something outside does not answer; try again later.',
};

const Location = {
  description: 'Address of the operation: ask it until it is done.',
  schema: { type: 'string' as const, example: '/v1/operations/01939b6e-6f4e-7cc0-8a51-0d5f5b6c7d8e' },
};

interface Documentation {
  readonly summary: string;
  readonly description?: string;
  readonly status: number;
  readonly answer?: z.ZodType;
  readonly says: string;
  /** Statuses of problems besides 400, 403, 500 and 503, which any request may get. */
  readonly problems?: readonly number[];
}

/** What the OpenAPI document says of one route: success, every problem, and the key header. */
export function Documented(facts: Documentation): MethodDecorator {
  return applyDecorators(
    ApiOperation({ summary: facts.summary, ...(facts.description === undefined ? {} : { description: facts.description }) }),
    ApiResponse({
      status: facts.status,
      description: facts.says,
      ...(facts.answer === undefined ? {} : { standardSchema: facts.answer }),
      ...(facts.status === 202 ? { headers: { Location } } : {}),
    }),
    ...[...new Set([400, 403, ...(facts.problems ?? []), 500, 503])].sort().map(problemResponse),
  );
}

/** Metadata of a route whose work is outside the database. */
export const WORKS_OUTSIDE = 'worksOutside';

/** On every POST. */
export const IdempotencyKey = ({ worksOutside = false }: { readonly worksOutside?: boolean } = {}): MethodDecorator =>
  applyDecorators(
    SetMetadata(WORKS_OUTSIDE, worksOutside),
    ApiHeader({
      name: 'Idempotency-Key',
      required: false,
      description: 'Repeating a request with the same key gives the first answer and has no second effect. With another body: 422.',
      schema: { type: 'string', minLength: 1, maxLength: 255 },
    }),
  );

const problemResponse = (status: number): MethodDecorator & ClassDecorator =>
  ApiResponse({ status, description: PROBLEMS[status] ?? 'Problem.', standardSchema: Problem });
