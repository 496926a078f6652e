import type { Problem, ProblemDetail } from '@hiveferry/contracts';
import { MigrationError } from '@hiveferry/core';
import { HttpException } from '@nestjs/common';
import { statusOfFault } from './fault-status.ts';

/** The request as a whole is malformed: every key that is wrong, with a pointer to it. */
export class RequestInvalid extends Error {
  readonly errors: readonly ProblemDetail[];

  constructor(errors: readonly ProblemDetail[]) {
    super(errors.map((error) => `${error.pointer === '' ? 'body' : error.pointer}: ${error.message}`).join('; '));
    this.name = 'RequestInvalid';
    this.errors = errors;
  }
}

interface RequestFacts {
  readonly instance: string;
  readonly requestId: string;
}

const TITLES: Readonly<Record<number, string>> = {
  400: 'Request not understood',
  403: 'Not allowed from here',
  404: 'Not found',
  405: 'Method not allowed',
  406: 'Not acceptable',
  409: 'Conflict',
  413: 'Body too large',
  414: 'Address too long',
  415: 'Content type not supported',
  422: 'Request refused',
  503: 'Not available',
};

const HTTP_CODES: Readonly<Record<number, string>> = {
  400: 'REQUEST_INVALID',
  403: 'FOREIGN_REQUEST',
  404: 'ROUTE_NOT_FOUND',
  405: 'METHOD_NOT_ALLOWED',
  413: 'BODY_TOO_LARGE',
  414: 'ADDRESS_TOO_LONG',
  415: 'CONTENT_TYPE_NOT_SUPPORTED',
};

/** Any thrown thing as a problem document. What is not ours to tell is told as INTERNAL_ERROR, without its message. */
export function problemOf(error: unknown, request: RequestFacts): Problem {
  if (error instanceof RequestInvalid)
    return { ...base(400, 'REQUEST_INVALID', request), detail: error.message, errors: [...error.errors] };
  if (error instanceof MigrationError) return problemOfFault(error, request);
  const status = httpStatusOf(error);
  if (status === undefined || status >= 500) {
    return {
      ...base(500, 'INTERNAL_ERROR', request),
      detail: `The service failed; its log has the reason under request ${request.requestId}.`,
    };
  }
  return { ...base(status, HTTP_CODES[status] ?? 'REQUEST_INVALID', request), detail: detailOf(error) };
}

function problemOfFault(fault: MigrationError, request: RequestFacts): Problem {
  const advice = fault.detail['advice'];
  return {
    ...base(statusOfFault(fault), fault.code, request),
    title: titleOf(fault.code),
    detail: fault.message,
    retryable: fault.retry === 'now' || fault.retry === 'later',
    subject: fault.subject,
    ...(typeof advice === 'string' ? { advice } : {}),
  };
}

function base(status: number, code: string, request: RequestFacts): Problem {
  return {
    type: `urn:hiveferry:problem:${code}`,
    title: TITLES[status] ?? titleOf(code),
    status,
    detail: '',
    instance: request.instance,
    code,
    retryable: status === 503,
    requestId: request.requestId,
  };
}

/** Nest's exceptions and Fastify's errors both carry a status. */
function httpStatusOf(error: unknown): number | undefined {
  if (error instanceof HttpException) return error.getStatus();
  if (error instanceof Error && 'statusCode' in error && typeof error.statusCode === 'number') return error.statusCode;
  return undefined;
}

const detailOf = (error: unknown): string => (error instanceof Error ? error.message : 'The request was not understood.');

function titleOf(code: string): string {
  const words = code.toLowerCase().replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
