import type { Configuration } from '@hiveferry/contracts';
import { PROBLEM_MEDIA_TYPE, problemOf, systemIds } from '@hiveferry/platform';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { FerryFastifyAdapter } from './ferry-fastify.adapter.ts';
import { RouteTable } from './route-table.ts';

const MAX_DEPTH = 32;

/** Fastify with what every request goes through: its id, who may ask, which methods a path has, JSON only, no deep nesting. */
export function httpAdapterOf(configuration: Pick<Configuration, 'http'>): FerryFastifyAdapter {
  const adapter = new FerryFastifyAdapter({
    bodyLimit: configuration.http.bodyLimitBytes,
    genReqId: () => systemIds.next(),
    frameworkErrors: answerProblem,
    routerOptions: { maxParamLength: 512 },
    // Streams of events are still open when the service is told to stop.
    forceCloseConnections: true,
  });
  const server = adapter.getInstance();
  const routes = new RouteTable();
  server.removeContentTypeParser('text/plain');
  server.addHook('onRoute', (route) => [route.method].flat().forEach((method) => routes.add(method, route.url)));
  server.addHook('onRequest', async (request, reply) => {
    void reply.header('x-request-id', request.id).header('x-content-type-options', 'nosniff');
    refuseForeignPages(request);
    if (!request.is404) return;
    const allowed = routes.methodsOf(pathOf(request));
    if (allowed.length === 0) return;
    void reply.header('allow', allowed.join(', '));
    throw refusal(405, `${request.method} is not known here; ${pathOf(request)} knows ${allowed.join(', ')}.`);
  });
  server.addHook('preValidation', async (request) => {
    if (depthOf(request.body) > MAX_DEPTH) throw refusal(400, `The body is nested deeper than ${MAX_DEPTH} levels.`);
  });
  return adapter;
}

/** What Fastify refuses before any route is found, such as an address that cannot be decoded. */
function answerProblem(error: Error, request: FastifyRequest, reply: FastifyReply): void {
  const problem = problemOf(error, { instance: pathOf(request), requestId: request.id });
  void reply.status(problem.status).header('content-type', PROBLEM_MEDIA_TYPE).send(problem);
}

/**
 * Without authentication, loopback is the only fence: a page of another site must not reach through it
 * (its own `Origin`, or a name of its own that resolves to this machine).
 */
function refuseForeignPages(request: FastifyRequest): void {
  const hosts = [request.headers.host, originHostOf(request.headers.origin)].filter((host) => host !== undefined);
  const foreign = hosts.find((host) => !/^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d+)?$/i.test(host));
  if (foreign !== undefined)
    throw refusal(403, `Requests for or from ${foreign.slice(0, 100)} are refused: this service is for this machine only.`);
}

function originHostOf(origin: string | undefined): string | undefined {
  if (origin === undefined) return undefined;
  return URL.canParse(origin) ? new URL(origin).host : origin;
}

const pathOf = (request: FastifyRequest): string => request.url.split('?')[0] ?? '/';

const refusal = (statusCode: number, message: string): Error => Object.assign(new Error(message), { statusCode });

/** Levels of nesting, counted without recursion and only as far as needed. */
function depthOf(value: unknown): number {
  let level: readonly unknown[] = [value];
  for (let depth = 0; depth <= MAX_DEPTH; depth += 1) {
    const next = level.flatMap((each) => (typeof each === 'object' && each !== null ? elementsOf(each) : []));
    if (next.length === 0) return depth;
    level = next;
  }
  return MAX_DEPTH + 1;
}

const elementsOf = (value: object): readonly unknown[] => Object.values(value);
