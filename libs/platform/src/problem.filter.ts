import { Catch, Logger } from '@nestjs/common';
import type { ArgumentsHost, ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { problemOf } from './problem.ts';

export const PROBLEM_MEDIA_TYPE = 'application/problem+json';

/** Every error leaves as `application/problem+json`; only what is our fault is logged as an error. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly logger = new Logger('Http');

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    const problem = problemOf(error, { instance: request.url.split('?')[0] ?? '/', requestId: request.id });
    if (problem.status >= 500) this.logger.error({ err: error, requestId: request.id, code: problem.code }, 'request failed');
    if (reply.sent) return;
    if (problem.status === 503) void reply.header('retry-after', '5');
    void reply.status(problem.status).header('content-type', PROBLEM_MEDIA_TYPE).send(problem);
  }
}
