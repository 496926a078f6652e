import { MigrationError } from '@hiveferry/core';

/** Says what to do when the port to listen on is taken; any other error stays as it is. */
export function portFault(error: unknown, host: string, port: number): unknown {
  if (!(error instanceof Error && 'code' in error && error.code === 'EADDRINUSE')) return error;
  const message = `${host}:${port} is in use. Stop what listens there, or set FERRY_HTTP_PORT to another port (0 takes a free one).`;
  return new MigrationError('PORT_IN_USE', message, { category: 'environment', retry: 'operator', subject: String(port) });
}
