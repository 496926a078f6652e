import type { Configuration } from '@hiveferry/contracts';
import type { Params } from 'nestjs-pino';
import type { LogFn, Logger } from 'pino';
import type { Options } from 'pino-http';
import { terminalStream } from './terminal-stream.ts';

const SECRET_KEYS = ['password', 'passwordRef', 'secret', 'token', 'authorization', 'databaseUrl'];

/** JSON lines; on a terminal a short line each. Requests are logged at debug: a change of state is what people look for. */
export function loggingOptions(configuration: Pick<Configuration, 'logLevel'>): Params {
  const options = httpOptions(configuration.logLevel);
  return { pinoHttp: process.stdout.isTTY ? [options, terminalStream] : options };
}

function httpOptions(level: Configuration['logLevel']): Options {
  return {
    level,
    base: null,
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    redact: {
      paths: [...SECRET_KEYS.flatMap((key) => [key, `*.${key}`, `*.*.${key}`]), 'req.headers.authorization', 'req.headers.cookie'],
      censor: '[redacted]',
    },
    customLogLevel: () => 'debug',
    hooks: { logMethod: withoutStartUp },
    serializers: {
      req: (request: { id: unknown; method: string; url: string }) => ({ id: request.id, method: request.method, url: request.url }),
      res: (response: { statusCode: number }) => ({ statusCode: response.statusCode }),
    },
    quietReqLogger: true,
  };
}

/** Nest tells every route and module that it makes: no change of state that anybody looks for. */
const START_UP = new Set(['InstanceLoader', 'RouterExplorer', 'RoutesResolver']);

function withoutStartUp(this: Logger, args: Parameters<LogFn>, method: LogFn): void {
  const [first] = args;
  const isStartUp = typeof first === 'object' && first !== null && 'context' in first && START_UP.has(String(first.context));
  if (!isStartUp || this.isLevelEnabled('debug')) method.apply(this, args);
}
