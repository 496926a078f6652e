import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { openTestStores } from '../../../test/support/stores.ts';
import type { TestStores } from '../../../test/support/stores.ts';
import { brokenGateway, clusterBody, migrationBody, startApi } from '../../../test/support/api-process.ts';

let stores: TestStores;
let app: NestFastifyApplication;

beforeAll(async () => {
  stores = await openTestStores(inject('postgresUrl'));
  app = await startApi(stores);
  for (const name of ['left', 'right']) await app.inject({ method: 'POST', url: '/v1/clusters', payload: clusterBody(name) });
});
afterAll(async () => {
  await app.close();
  await stores.drop();
});

const post = (url: string, payload?: unknown, headers: Record<string, string> = {}) =>
  app.inject({ method: 'POST', url, headers, ...(payload === undefined ? {} : { payload: payload as object }) });

describe('a request that is wrong', () => {
  const absent = '01939b6e-6f4e-7cc0-8a51-0d5f5b6c7d8e';
  const json = { 'content-type': 'application/json' };
  const cases = [
    ['an unknown key is named', 'POST', '/v1/migrations', { body: migrationBody({ targt: 'x' }) }, 400, 'REQUEST_INVALID', '/targt'],
    [
      'an empty list is named',
      'POST',
      '/v1/migrations',
      { body: migrationBody({ selection: { databases: [] } }) },
      400,
      'REQUEST_INVALID',
      '/selection/databases',
    ],
    ['a query is named', 'GET', '/v1/operations?pageSize=0', {}, 400, 'REQUEST_INVALID', '?pageSize'],
    ['a path is named', 'GET', '/v1/runs/abc', {}, 400, 'REQUEST_INVALID', '{runId}'],
    ['no body', 'POST', '/v1/migrations', {}, 400, 'REQUEST_INVALID', ''],
    ['broken JSON', 'POST', '/v1/migrations', { text: '{bad', headers: json }, 400, 'REQUEST_INVALID', undefined],
    [
      'deep JSON',
      'POST',
      '/v1/migrations',
      { text: '['.repeat(9000) + ']'.repeat(9000), headers: json },
      400,
      'REQUEST_INVALID',
      undefined,
    ],
    [
      'a body that is too large',
      'POST',
      '/v1/migrations',
      { text: `"${'x'.repeat(30_000)}"`, headers: json },
      413,
      'BODY_TOO_LARGE',
      undefined,
    ],
    [
      'a body that is not JSON',
      'POST',
      '/v1/migrations',
      { text: 'a=b', headers: { 'content-type': 'application/x-www-form-urlencoded' } },
      415,
      'CONTENT_TYPE_NOT_SUPPORTED',
      undefined,
    ],
    ['another method', 'DELETE', '/v1/migrations', {}, 405, 'METHOD_NOT_ALLOWED', undefined],
    ['no such route', 'GET', '/v1/nothing', {}, 404, 'ROUTE_NOT_FOUND', undefined],
    ['no such verb', 'POST', `/v1/runs/${absent}:frobnicate`, {}, 404, 'ROUTE_NOT_FOUND', undefined],
    ['no such run', 'POST', `/v1/runs/${absent}:cancel`, {}, 404, 'RUN_NOT_FOUND', undefined],
    ['an address that cannot be decoded', 'GET', '/v1/runs/%ZZ', {}, 400, 'REQUEST_INVALID', undefined],
    ['a page of another site', 'GET', '/v1/clusters', { headers: { origin: 'http://evil.example' } }, 403, 'FOREIGN_REQUEST', undefined],
    ['another name for this machine', 'GET', '/v1/clusters', { headers: { host: 'evil.example' } }, 403, 'FOREIGN_REQUEST', undefined],
    [
      'a setting of one target is named',
      'POST',
      '/v1/migrations',
      { body: migrationBody({ targets: ['right', { cluster: 'third', distcp: { mappers: 0 } }] }) },
      400,
      'REQUEST_INVALID',
      '/targets/1/distcp/mappers',
    ],
    [
      'an unknown setting of one target is named',
      'POST',
      '/v1/migrations',
      { body: migrationBody({ targets: [{ cluster: 'right', prefix: 'x' }] }) },
      400,
      'REQUEST_INVALID',
      '/targets/0/prefix',
    ],
    [
      'a setting of one target that nothing would use',
      'POST',
      '/v1/migrations',
      {
        body: migrationBody({
          strategy: 'LINKED',
          targets: [{ cluster: 'right', locations: { map: [{ from: 'hdfs://left/a', to: 'hdfs://right/b' }] } }],
        }),
      },
      422,
      'SETTING_NOT_USED',
      undefined,
    ],
    [
      'a strategy that is not there',
      'POST',
      '/v1/migrations',
      { body: migrationBody({ strategy: 'ICEBERG_CONVERSION' }) },
      422,
      'STRATEGY_NOT_AVAILABLE',
      undefined,
    ],
    [
      'an execution of what only tells',
      'POST',
      '/v1/migrations',
      { body: migrationBody({ strategy: 'DUMP', execute: true }) },
      422,
      'STRATEGY_NOT_EXECUTABLE',
      undefined,
    ],
    ['an unknown cluster', 'POST', '/v1/migrations', { body: migrationBody({ source: 'nope' }) }, 422, 'CLUSTER_UNKNOWN', undefined],
    ['source as target', 'POST', '/v1/migrations', { body: migrationBody({ source: 'right' }) }, 422, 'SOURCE_IS_TARGET', undefined],
    [
      'tables that move to another cluster',
      'POST',
      '/v1/migrations',
      { body: migrationBody({ strategy: 'STORAGE_MIGRATION' }) },
      422,
      'TARGET_IS_OTHER_CLUSTER',
      undefined,
    ],
    [
      'tables that move nowhere',
      'POST',
      '/v1/migrations',
      { body: migrationBody({ source: 'right', strategy: 'STORAGE_MIGRATION' }) },
      422,
      'LOCATIONS_MISSING',
      undefined,
    ],
    [
      'push and pull',
      'POST',
      '/v1/migrations',
      { body: migrationBody({ distcp: { flow: 'PUSH_PULL' } }) },
      422,
      'FLOW_NOT_AVAILABLE',
      undefined,
    ],
    [
      'a location map that nothing would use',
      'POST',
      '/v1/migrations',
      { body: migrationBody({ strategy: 'LINKED', locations: { map: [{ from: 'hdfs://left/a', to: 'hdfs://right/a' }] } }) },
      422,
      'SETTING_NOT_USED',
      undefined,
    ],
    [
      'common storage for another strategy',
      'POST',
      '/v1/migrations',
      { body: migrationBody({ commonStorage: true }) },
      422,
      'SETTING_NOT_USED',
      undefined,
    ],
    [
      'transactional tables for a strategy that moves none',
      'POST',
      '/v1/migrations',
      { body: migrationBody({ transactionalTables: 'migrate' }) },
      422,
      'SETTING_NOT_USED',
      undefined,
    ],
    [
      'copies by others of what is not copied',
      'POST',
      '/v1/migrations',
      { body: migrationBody({ strategy: 'LINKED', copy: { by: 'external' } }) },
      422,
      'SETTING_NOT_USED',
      undefined,
    ],
    ['a confirmation for no run', 'POST', `/v1/runs/${absent}:confirm-copied`, { body: {} }, 404, 'RUN_NOT_FOUND', undefined],
    ['a page token of another', 'GET', '/v1/operations?pageToken=zzz', {}, 400, 'PAGE_TOKEN_INVALID', undefined],
    [
      'an event id that is none',
      'GET',
      `/v1/runs/${absent}/events`,
      { headers: { 'last-event-id': 'x' } },
      400,
      'REQUEST_INVALID',
      'Last-Event-ID',
    ],
  ] as const;

  it.each(cases)('%s is a problem document', async (...[, method, url, sent, status, code, pointer]) => {
    const request: { readonly body?: object; readonly text?: string; readonly headers?: Record<string, string> } = sent;
    const answer = await app.inject({
      method,
      url,
      headers: request.headers ?? {},
      ...((request.body ?? request.text) ? { payload: request.body ?? request.text ?? '' } : {}),
    });

    expect(answer.headers['content-type']).toContain('application/problem+json');
    const problem = answer.json<{ errors?: { pointer: string }[] }>();
    expect(problem).toMatchObject({ status, code, type: `urn:hiveferry:problem:${code}`, instance: url.split('?')[0], retryable: false });
    expect(answer.statusCode).toBe(status);
    if (pointer !== undefined) expect(problem.errors?.map((error) => error.pointer)).toContain(pointer);
  });

  it('says which methods the path has', async () => {
    const answer = await app.inject({ method: 'PATCH', url: '/v1/clusters/left' });
    expect(answer.headers['allow']).toBe('DELETE, GET, HEAD, PUT');
  });
});

describe('clusters', () => {
  it('are registered once, found again, and replaced only on purpose', async () => {
    expect((await post('/v1/clusters', clusterBody('c1'))).statusCode).toBe(201);
    expect((await post('/v1/clusters', clusterBody('c1'))).statusCode).toBe(200);
    const changed = { ...clusterBody('c1'), hadoop: { command: '/opt/hadoop/bin/hadoop' } };
    expect((await post('/v1/clusters', changed)).json()).toMatchObject({
      status: 409,
      code: 'CLUSTER_EXISTS',
      advice: 'To replace it: PUT /v1/clusters/c1',
    });

    const { name: _name, ...body }: Record<string, unknown> = changed;
    const replaced = await app.inject({ method: 'PUT', url: '/v1/clusters/c1', payload: body });
    expect(replaced.json()).toMatchObject({ name: 'c1', version: 2, spec: { hadoop: { command: '/opt/hadoop/bin/hadoop' } } });
    expect((await app.inject({ method: 'DELETE', url: '/v1/clusters/c1' })).statusCode).toBe(204);
    expect((await app.inject({ url: '/v1/clusters/c1' })).json()).toMatchObject({ status: 404, code: 'CLUSTER_NOT_FOUND' });
  });

  it('are listed in pages that meet without a gap', async () => {
    for (const name of ['page-1', 'page-2', 'page-3']) await post('/v1/clusters', clusterBody(name));
    const names: string[] = [];
    let token: string | undefined;
    do {
      const url = `/v1/clusters?pageSize=2${token === undefined ? '' : `&pageToken=${encodeURIComponent(token)}`}`;
      const page = (await app.inject({ url })).json<{ items: { name: string }[]; nextPageToken?: string }>();
      names.push(...page.items.map(({ name }) => name));
      token = page.nextPageToken;
    } while (token !== undefined);
    expect(names).toEqual(['left', 'page-1', 'page-2', 'page-3', 'right']);
  });

  it('are checked part by part', async () => {
    expect((await post('/v1/clusters/left:check')).json()).toMatchObject({ cluster: 'left', ok: true });
  });

  it('say of each part what is wrong and what to do, when others answer', async () => {
    const broken = await startApi(stores, brokenGateway);
    const check = (await broken.inject({ method: 'POST', url: '/v1/clusters/left:check' })).json<{
      ok: boolean;
      parts: { name: string; ok: boolean; code?: string; advice?: string }[];
    }>();
    await broken.close();

    expect(check.ok).toBe(false);
    expect(check.parts.filter(({ ok }) => ok).map(({ name }) => name)).toEqual(['fileSystem', 'objectStores', 'hadoopCommand']);
    expect(check.parts.filter(({ ok }) => !ok).map(({ name, code }) => [name, code])).toEqual([
      ['metastore', 'CHECK_TIMED_OUT'],
      ['hiveServer2', 'HIVE_UNREACHABLE'],
      ['hiveFacts', 'HIVE_UNREACHABLE'],
    ]);
    expect(check.parts.every(({ ok, advice }) => ok || advice !== undefined)).toBe(true);
  });
});

describe('Idempotency-Key', () => {
  const key = { 'idempotency-key': 'move-sales' };

  it('gives a repeated request the first answer and makes one migration', async () => {
    const before = await migrations();
    const first = await post('/v1/migrations', migrationBody(), key);
    const again = await post('/v1/migrations', migrationBody(), key);

    expect(first.statusCode).toBe(202);
    expect(again.statusCode).toBe(202);
    expect(again.json()).toEqual(first.json());
    expect(again.headers['location']).toBe(first.headers['location']);
    expect(again.headers['idempotent-replayed']).toBe('true');
    expect(await migrations()).toBe(before + 1);
  });

  it('refuses the key with another body', async () => {
    expect((await post('/v1/migrations', migrationBody({ name: 'other' }), key)).json()).toMatchObject({
      status: 422,
      code: 'IDEMPOTENCY_KEY_REUSED',
    });
  });

  it('is free again when its request was refused', async () => {
    const again = { 'idempotency-key': 'second-try' };
    expect((await post('/v1/migrations', migrationBody({ source: 'nope' }), again)).statusCode).toBe(422);
    expect((await post('/v1/migrations', migrationBody(), again)).statusCode).toBe(202);
  });

  it('must be visible text', async () => {
    expect((await post('/v1/migrations', migrationBody(), { 'idempotency-key': 'a b' })).statusCode).toBe(400);
  });

  const migrations = async (): Promise<number> =>
    (await app.inject({ url: '/v1/migrations?pageSize=500' })).json<{ items: unknown[] }>().items.length;
});
