import type { OperationRecord } from '@hiveferry/ports';
import type { FastifyReply } from 'fastify';

/** The answer to work that goes on: 202 and where to ask for it. */
export function accept(operation: OperationRecord, reply: FastifyReply): OperationRecord {
  void reply.status(202).header('location', `/v1/operations/${operation.id}`);
  return operation;
}
