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
    throw new RequestInvalid(result.error.issues.flatMap(issuesMeant).flatMap((issue) => detailsOf(issue, metadata)));
  }
}

/** Of a value with several shapes: what is wrong with the one that was meant, which is the one whose kind of value was sent. */
function issuesMeant(issue: z.core.$ZodIssue): readonly z.core.$ZodIssue[] {
  if (issue.code !== 'invalid_union') return [issue];
  const meant = issue.errors.find(([first]) => first !== undefined && !(first.code === 'invalid_type' && first.path.length === 0));
  return meant?.map((each) => ({ ...each, path: [...issue.path, ...each.path] })) ?? [issue];
}

function detailsOf(issue: z.core.$ZodIssue, metadata: ArgumentMetadata): readonly ProblemDetail[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      pointer: pointerOf([...issue.path, key], metadata),
      code: issue.code,
      message: `unknown key "${key}"`,
    }));
  }
  return [{ pointer: pointerOf(issue.path, metadata), code: issue.code, message: messageOf(issue) }];
}

function messageOf(issue: z.core.$ZodIssue): string {
  const isMissing = issue.code === 'invalid_type' && issue.message.endsWith('received undefined');
  return isMissing ? `missing: expected ${issue.expected}` : issue.message;
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
