import { createHash } from 'node:crypto';
import { canonicalJson } from '@hiveferry/core';
import { RequestInvalid, RUN_STORE } from '@hiveferry/platform';
import type { IdempotentAnswer, RunStore } from '@hiveferry/ports';
import { Inject, Injectable, Logger } from '@nestjs/common';
import type { CallHandler, ExecutionContext, NestInterceptor } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Reflector } from '@nestjs/core';
import { firstValueFrom, of } from 'rxjs';
import type { Observable } from 'rxjs';
import { WORKS_OUTSIDE } from './documented.ts';

/**
 * `Idempotency-Key` on any POST: a repeated request gets the first answer and has no second effect.
 * The same key with another body is 422, while the first is still being answered 409; a request that failed frees its key.
 */
@Injectable()
export class IdempotencyInterceptor implements NestInterceptor {
  private readonly logger = new Logger('Idempotency');
  private readonly store: RunStore;
  private readonly reflector: Reflector;

  constructor(@Inject(RUN_STORE) store: RunStore, reflector: Reflector) {
    this.store = store;
    this.reflector = reflector;
  }

  async intercept(context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const key = keyOf(request);
    if (key === undefined) return next.handle();
    const reply = context.switchToHttp().getResponse<FastifyReply>();
    const asked = { key, hash: hashOf(request), next, reply };
    const worksOutside = this.reflector.get<boolean | undefined>(WORKS_OUTSIDE, context.getHandler()) === true;
    return of(worksOutside ? await this.reserved(asked) : await this.once(asked));
  }

  /** The request's effect, its key and its answer are one transaction. */
  private async once({ key, hash, next, reply }: Asked): Promise<unknown> {
    const { answer, isRepeated } = await this.store.once({ key, hash }, async () => answerOf(await firstValueFrom(next.handle()), reply));
    return isRepeated ? replay(answer, reply) : answer.body;
  }

  /** Work that takes long and is outside: no transaction is held open for it. */
  private async reserved({ key, hash, next, reply }: Asked): Promise<unknown> {
    const first = await this.store.beginIdempotent(key, hash);
    return first === undefined ? await this.answer(key, next, reply) : replay(first, reply);
  }

  private async answer(key: string, next: CallHandler, reply: FastifyReply): Promise<unknown> {
    const body = await this.run(key, next);
    await this.store.finishIdempotent(key, answerOf(body, reply));
    return body;
  }

  private async run(key: string, next: CallHandler): Promise<unknown> {
    try {
      return await firstValueFrom(next.handle());
    } catch (error) {
      await this.store.abandonIdempotent(key).catch((err: unknown) => this.logger.warn({ err, key }, 'idempotency key stays reserved'));
      throw error;
    }
  }
}

interface Asked {
  readonly key: string;
  readonly hash: string;
  readonly next: CallHandler;
  readonly reply: FastifyReply;
}

const answerOf = (body: unknown, reply: FastifyReply): IdempotentAnswer => ({ status: reply.statusCode, body, headers: headersOf(reply) });

function keyOf(request: FastifyRequest): string | undefined {
  const key = request.headers['idempotency-key'];
  if (request.method !== 'POST' || key === undefined) return undefined;
  if (typeof key === 'string' && /^[\x21-\x7e]{1,255}$/.test(key)) return key;
  throw new RequestInvalid([{ pointer: 'Idempotency-Key', code: 'invalid_header', message: 'expected 1 to 255 visible characters' }]);
}

const hashOf = (request: FastifyRequest): string =>
  createHash('sha256')
    .update(`${request.method} ${request.url}\n${canonicalJson(request.body)}`)
    .digest('hex');

function headersOf(reply: FastifyReply): Readonly<Record<string, string>> {
  const location = reply.getHeader('location');
  return typeof location === 'string' ? { location } : {};
}

function replay(answer: IdempotentAnswer, reply: FastifyReply): unknown {
  void reply.status(answer.status).headers(answer.headers).header('idempotent-replayed', 'true');
  return answer.body;
}
