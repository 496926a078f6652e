import type { FaultCategory, MigrationError } from '@hiveferry/core';

/** Whose doing a fault is decides its status; the few codes that HTTP has an own word for come first. */
const STATUS_OF_CODE: Readonly<Record<string, number>> = {
  IDEMPOTENCY_KEY_REUSED: 422,
  IDEMPOTENCY_KEY_IN_FLIGHT: 409,
  PAGE_TOKEN_INVALID: 400,
};

const STATUS_OF_CATEGORY = { request: 422, environment: 503, conflict: 409, defect: 500 } satisfies Record<FaultCategory, number>;

/** HTTP status of a fault. A request about something that does not exist is 404. */
export function statusOfFault(fault: MigrationError): number {
  const own = STATUS_OF_CODE[fault.code];
  if (own !== undefined) return own;
  if (fault.category === 'request' && fault.code.endsWith('_NOT_FOUND')) return 404;
  return STATUS_OF_CATEGORY[fault.category];
}
