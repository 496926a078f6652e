/** No request, valid or garbage, makes the service fail, or answer what its OpenAPI document does not say. */
import { parseConfiguration } from '@hiveferry/contracts';
import type { LightMyRequestResponse } from 'fastify';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { z } from 'zod';
import { listen } from '../../apps/standalone/src/listen.ts';
import type { Service } from '../../apps/standalone/src/listen.ts';
import { clusterBody, migrationBody } from '../support/api-process.ts';
import { requestsOf, routesOf } from '../support/openapi-requests.ts';
import type { Asked, JsonSchema, Known, OpenApi, Route } from '../support/openapi-requests.ts';
import { aPlan, aPlannedRun, anExecutingRun, openTestStores } from '../support/stores.ts';
import type { TestStores } from '../support/stores.ts';

const REQUESTS_A_ROUTE = 40;
/** What any request may get before its route is found. */
const BEFORE_ROUTES = [400, 403, 404, 405, 413, 414, 415];
const PROBLEM = 'application/problem+json';

let stores: TestStores;
let service: Service;
let document: OpenApi;
let known: Known;

beforeAll(async () => {
  stores = await openTestStores(inject('postgresUrl'));
  const planned = await aPlannedRun(stores, [aPlan('orders'), aPlan('items', { decision: 'REFUSED' })]);
  const executing = await anExecutingRun(stores, [aPlan('orders')]);
  service = await listen(configurationOf(stores.url), stores.url);
  for (const name of ['left', 'right']) await ask({ method: 'PUT', url: `/v1/clusters/${name}`, payload: unreachable(name) });
  const operation = (await ask({ method: 'POST', url: '/v1/migrations', payload: JSON.stringify(migrationBody()) })).json<
    Record<string, string>
  >();
  document = (await ask({ method: 'GET', url: '/openapi.json' })).json<OpenApi>();
  known = {
    name: ['left', 'right', 'another'],
    cluster: ['left', 'right'],
    source: ['left', 'right'],
    targets: ['right', 'left'],
    target: ['right'],
    databases: ['sales'],
    database: ['sales'],
    table: ['orders', 'items'],
    path: ['sales_distcp_plans.yaml', 'sales_RIGHT_execute.sql'],
    planHash: ['hash-right'],
    runId: [planned.runId, executing.runId, operation['runId'] ?? ''],
    migrationId: [planned.migrationId, operation['migrationId'] ?? ''],
    operationId: [planned.operationId, operation['id'] ?? ''],
  };
});
afterAll(async () => {
  await service.close();
  await stores.drop();
});

function configurationOf(databaseUrl: string) {
  const result = parseConfiguration({
    FERRY_DATABASE_URL: databaseUrl,
    FERRY_HTTP_PORT: '0',
    FERRY_LOG_LEVEL: 'silent',
    FERRY_CHECK_SECONDS: '1',
    FERRY_BODY_LIMIT_BYTES: '20000',
  });
  if (result.kind === 'invalid') throw new Error(result.problems.join('\n'));
  return result.configuration;
}

/** Nobody listens at port 1: what is asked of the cluster fails at once. */
const unreachable = (name: string): string =>
  JSON.stringify({
    ...clusterBody(name),
    name: undefined,
    metastore: { uri: 'thrift://127.0.0.1:1' },
    hiveServer2: { host: '127.0.0.1', port: 1, auth: 'nosasl', user: 'hive' },
    hdfs: { namespace: `hdfs://${name}:8020`, webHdfsUri: 'http://127.0.0.1:1', user: 'hive' },
  });

const VALID: Readonly<Record<string, readonly unknown[]>> = {
  'POST /v1/clusters': [{ ...(JSON.parse(unreachable('another')) as object), name: 'another' }],
  'PUT /v1/clusters/{name}': [JSON.parse(unreachable('left')), JSON.parse(unreachable('another'))],
  'POST /v1/migrations': [migrationBody(), migrationBody({ execute: true })],
};

const ask = ({ method, url, headers = {}, payload }: Omit<Asked, 'headers'> & Partial<Asked>): Promise<LightMyRequestResponse> =>
  service.app.inject({
    method,
    url,
    headers: { ...(payload !== undefined && { 'content-type': 'application/json' }), ...headers },
    ...(payload !== undefined && { payload }),
  });

/** Our documents keep schemas below `components`, JSON Schema below `$defs`. */
function checkerOf(schema: JsonSchema): z.ZodType {
  const text = JSON.stringify({ ...schema, $defs: document.components.schemas }).replaceAll('#/components/schemas/', '#/$defs/');
  return z.fromJSONSchema(JSON.parse(text) as Parameters<typeof z.fromJSONSchema>[0]);
}

const mediaTypeOf = ({ headers }: LightMyRequestResponse): string => (headers['content-type'] ?? '').split(';')[0] ?? '';

function checkAnswer(answer: LightMyRequestResponse, { operation }: Route): void {
  const { statusCode } = answer;
  expect(statusCode, answer.body).toBeLessThan(500);
  const documented = operation.responses[String(statusCode)];
  if (documented === undefined) expect(BEFORE_ROUTES, `${String(statusCode)} is not documented: ${answer.body}`).toContain(statusCode);
  if (statusCode >= 400) checkProblem(answer);
  else checkBody(answer, documented?.content ?? {});
}

function checkProblem(answer: LightMyRequestResponse): void {
  expect(mediaTypeOf(answer)).toBe(PROBLEM);
  const problem = answer.json<Record<string, unknown>>();
  const { success, error } = checkerOf({ $ref: '#/components/schemas/Problem' }).safeParse(problem);
  expect(success, error?.message).toBe(true);
  expect(problem).toMatchObject({ status: answer.statusCode, type: `urn:hiveferry:problem:${String(problem['code'])}` });
}

function checkBody(answer: LightMyRequestResponse, content: Route['operation']['responses'][string]['content'] & object): void {
  const mediaType = mediaTypeOf(answer);
  if (Object.keys(content).length === 0) return;
  expect(Object.keys(content)).toContain(mediaType);
  if (mediaType !== 'application/json') return;
  const { success, error } = checkerOf(content[mediaType]?.schema ?? {}).safeParse(answer.json());
  expect(success, error?.message).toBe(true);
}

it('answers every request to every route as its OpenAPI document says', async () => {
  const statuses = new Set<string>();
  for (const route of routesOf(document)) {
    // A stream of events of a run that goes on has no end.
    const things = route.path.endsWith('/events') ? { ...known, runId: [] } : known;
    await fc.assert(
      fc.asyncProperty(
        requestsOf(route, document, { known: things, valid: VALID[`${route.method} ${route.path}`] ?? [{}] }),
        async (asked) => {
          const answer = await ask(asked);
          statuses.add(`${route.method} ${route.path} ${String(answer.statusCode).slice(0, 1)}xx`);
          checkAnswer(answer, route);
        },
      ),
      { numRuns: REQUESTS_A_ROUTE, seed: 20_261_121 },
    );
  }
  // Requests that all end at the first look would prove nothing; what a command needs is no matter of the request alone.
  const free = routesOf(document).filter(({ path }) => !path.includes(':') && !path.endsWith('/events'));
  const missed = free.filter(({ method, path }) => !statuses.has(`${method} ${path} 2xx`));
  expect(missed.map(({ method, path }) => `${method} ${path}`)).toEqual([]);
}, 180_000);

it('names each parameter of a path in the path', () => {
  for (const { path, operation } of routesOf(document))
    for (const { name } of (operation.parameters ?? []).filter((each) => each.in === 'path')) expect(path).toContain(`{${name}}`);
});
