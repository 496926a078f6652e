import { schemaProblems } from '@hiveferry/contracts';
import type { ProblemDetail } from '@hiveferry/contracts';
import { RequestInvalid } from '@hiveferry/platform';
import { Injectable } from '@nestjs/common';
import type { ArgumentMetadata, PipeTransform } from '@nestjs/common';
import { z } from 'zod';

/** Checks body, query and path against their schema; every wrong key is named by a pointer. */
@Injectable()
export class RequestPipe implements PipeTransform {
  transform(value: unknown, metadata: ArgumentMetadata): unknown {
    const { schema } = metadata;
    if (!(schema instanceof z.ZodType)) return value;
    const result = schema.safeParse(value);
    if (result.success) return result.data;
    const details = schemaProblems(result.error).map(({ path, code, message }): ProblemDetail => ({
      pointer: pointerOf(path, metadata),
      code,
      message,
    }));
    throw new RequestInvalid(details);
  }
}

function pointerOf(path: readonly PropertyKey[], metadata: ArgumentMetadata): string {
  switch (metadata.type) {
    case 'query':
      return `?${path.map(String).join('.')}`;
    case 'param':
      return `{${metadata.data ?? path.map(String).join('.')}}`;
    case 'body':
    case 'custom':
      return path.map((key) => `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
  }
}
