import type { Operation } from '@hiveferry/contracts';
import type { FastifyReply } from 'fastify';

/** The answer to work that goes on: 202 and where to ask for it. */
export function accept(operation: Operation, reply: FastifyReply): Operation {
  void reply.status(202).header('location', `/v1/operations/${operation.id}`);
  return operation;
}
