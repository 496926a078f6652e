import { gunzipSync } from 'node:zlib';
import { parseLocation } from '@hiveferry/core';
import type { Location, TablePlan } from '@hiveferry/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { aPlan, aPlannedRun, connectionOf, openTestStores } from '../../../test/support/stores.ts';
import type { TestStores } from '../../../test/support/stores.ts';
import { startApi } from '../../../test/support/api-process.ts';

let stores: TestStores;
let app: NestFastifyApplication;
let runId: string;
let migrationId: string;

const COPY = { id: 'copy-1', kind: 'pair', excluded: [] } as const;
const refusal = { code: 'ACID_TABLE', severity: 'refusal', subject: 'sales.c', detail: {} } as const;

beforeAll(async () => {
  stores = await openTestStores(inject('postgresUrl'));
  for (const name of ['left', 'right']) await stores.runs.putCluster(name, connectionOf(name), {});
  app = await startApi(stores);
  const plans = [aPlan('a'), aPlan('b'), aPlan('c', { decision: 'REFUSED', issues: [refusal] })];
  ({ runId, migrationId } = await aPlannedRun(stores, plans));
});
afterAll(async () => {
  await app.close();
  await stores.drop();
});

const get = async <T>(url: string): Promise<T> => (await app.inject({ url })).json<T>();

function location(text: string): Location {
  const parsed = parseLocation(text);
  if (parsed === undefined) throw new Error(`not a location: ${text}`);
  return parsed;
}

describe('a planned run', () => {
  it('says its plan hash and its tables by state', async () => {
    expect(await get(`/v1/runs/${runId}`)).toMatchObject({
      state: 'PLANNED',
      targets: [{ target: 'right', planHash: 'hash-right', tables: { total: 3, byState: { PLANNED: 2, REFUSED: 1 } } }],
    });
    expect(await get(`/v1/migrations/${migrationId}/runs`)).toMatchObject({ items: [{ id: runId }] });
  });

  it('shows its tables in pages and by state', async () => {
    const first = await get<{ items: { source: { table: string } }[]; nextPageToken: string }>(`/v1/runs/${runId}/tables?pageSize=2`);
    const second = await get<{ items: { source: { table: string } }[] }>(
      `/v1/runs/${runId}/tables?pageSize=2&pageToken=${encodeURIComponent(first.nextPageToken)}`,
    );
    expect([...first.items, ...second.items].map(({ source }) => source.table)).toEqual(['a', 'b', 'c']);
    expect(second).not.toHaveProperty('nextPageToken');

    const refused = await get<{ items: { issues: { text: string; advice: string }[] }[] }>(`/v1/runs/${runId}/tables?state=REFUSED`);
    expect(refused.items).toHaveLength(1);
    expect(refused.items[0]?.issues[0]).toMatchObject({ text: expect.any(String) as string, advice: expect.any(String) as string });
  });

  it('shows one table with its plan', async () => {
    expect(await get(`/v1/runs/${runId}/tables/sales/a`)).toMatchObject({
      source: { database: 'sales', table: 'a' },
      plan: { decision: 'MIGRATE' },
      steps: [],
    });
    expect(await get(`/v1/runs/${runId}/tables/sales/zzz`)).toMatchObject({ status: 404, code: 'TABLE_NOT_FOUND' });
    expect(await get(`/v1/runs/${runId}/tables/sales/a?target=elsewhere`)).toMatchObject({ status: 422, code: 'TARGET_UNKNOWN' });
  });

  it('gives its artefacts one by one and as an archive', async () => {
    const { items } = await get<{ items: { path: string; href: string }[] }>(`/v1/runs/${runId}/artefacts`);
    expect(items.map(({ path }) => path)).toEqual(
      expect.arrayContaining([
        'sales_distcp_script.sh',
        'sales_hms-mirror.md',
        'sales_runbook.md',
        'effective-request.yaml',
        'run-status.yaml',
      ]),
    );
    const files = await Promise.all(items.map(async ({ href }) => (await app.inject({ url: href })).body));

    const archive = await app.inject({ url: `/v1/runs/${runId}/artefacts.tar.gz` });
    expect(archive.headers['content-type']).toBe('application/gzip');
    const tar = gunzipSync(archive.rawPayload).toString('utf8');
    for (const [index, { path }] of items.entries()) {
      expect(tar).toContain(`hiveferry-${runId}/${path}`);
      expect(tar).toContain(files[index]);
    }
    expect(await get(`/v1/runs/${runId}/artefacts/none.sql`)).toMatchObject({ status: 404, code: 'ARTEFACT_NOT_FOUND' });
  });

  it('gives a report of all its tables as one page that runs nothing but its own script', async () => {
    const answer = await app.inject({ url: `/v1/runs/${runId}/report.html` });
    expect(answer.headers['content-type']).toBe('text/html; charset=utf-8');
    expect(answer.headers['content-security-policy']).toContain('sandbox allow-scripts');
    const rows = [...answer.body.matchAll(/data-packed="rows">([^<]*)</g)].flatMap(
      ([, packed = '']) => JSON.parse(gunzipSync(Buffer.from(packed, 'base64')).toString()) as readonly (readonly unknown[])[],
    );
    const listed = await get<{ items: { source: { database: string; table: string } }[] }>(`/v1/runs/${runId}/tables?pageSize=100`);
    expect(rows.map(([database, table]) => ({ database, table }))).toEqual(listed.items.map(({ source }) => source));
    expect(rows.length).toBeGreaterThan(0);
    const none = await app.inject({ url: '/v1/runs/00000000-0000-7000-8000-000000000000/report.html' });
    expect(none.json()).toMatchObject({ status: 404, code: 'RUN_NOT_FOUND' });
  });

  it('says what is true about its databases, each once, and its report does', async () => {
    const other = await aPlannedRun(stores, [aPlan('z')]);
    const found = {
      code: 'NEIGHBOURS_NOT_LOOKED_AT',
      severity: 'warning',
      subject: 'left',
      detail: { cluster: 'left', count: 1, examples: ['third'], limit: 1 },
    };
    await stores.rows(`update run_database set plan = jsonb_set(plan, '{issues}', $2::jsonb) where run_id = $1`, [
      other.runId,
      JSON.stringify([found]),
    ]);
    await stores.rows(
      `insert into run_database (run_id, target, database, target_database, plan)
       select run_id, target, 'web', 'web', plan from run_database where run_id = $1`,
      [other.runId],
    );
    const text = expect.stringContaining('not looked at') as string;
    const advice = expect.stringContaining('selection.lookAround=everywhere') as string;
    const { targets } = await get<{ targets: readonly object[] }>(`/v1/runs/${other.runId}`);
    expect(targets).toEqual([expect.objectContaining({ target: 'right', issues: [{ ...found, text, advice }] })]);
    expect((await get<{ targets: readonly object[] }>(`/v1/runs/${runId}`)).targets[0]).not.toHaveProperty('issues');

    const { body } = await app.inject({ url: `/v1/runs/${other.runId}/report.html` });
    const [, packed = ''] = /data-packed="ending">([^<]*)</.exec(body) ?? [];
    const ending: unknown = JSON.parse(gunzipSync(Buffer.from(packed, 'base64')).toString());
    expect(ending).toMatchObject({ notes: [{ code: found.code, severity: 'warning', text, advice }] });
  });

  it('says what its copies hold and how long they take, by what is assumed of the link', async () => {
    const copied = (table: string, copySizes: TablePlan['copySizes'] = {}) =>
      aPlan(table, {
        copyJobs: [{ ...COPY, source: location(`hdfs://left/${table}`), target: location(`hdfs://right/${table}`) }],
        copySizes,
      });
    const sized = { 'copy-1': { bytes: 1024 ** 3, files: 8 } };
    const run = await aPlannedRun(stores, [copied('sized', sized), copied('unknown'), aPlan('none')]);
    const forecast = await get<unknown>(`/v1/runs/${run.runId}/forecast?slots=1&startUpSeconds=20&mbPerSecondPerMapper=64`);
    // Two starts; 1 GiB over four mappers of 64 MB/s, as much of unknown size over one for each of its eight files; a little for the files.
    expect(forecast).toMatchObject({
      items: [
        {
          target: 'right',
          copies: 2,
          bytes: 1024 ** 3,
          files: 8,
          unknownSizes: 1,
          seconds: expect.closeTo(40 + 4 + 2, 0),
          assumptions: { slots: 1, mappers: 20, startUpSeconds: 20, mbPerSecondPerMapper: 64 },
        },
      ],
    });
    expect(await get(`/v1/runs/${run.runId}/forecast?target=nope`)).toMatchObject({ status: 422, code: 'TARGET_UNKNOWN' });
    expect(await get(`/v1/runs/${run.runId}/forecast?slots=0`)).toMatchObject({ status: 400 });
  });

  it('waits for no files before it is executed', async () => {
    const answer = await app.inject({ method: 'POST', url: `/v1/runs/${runId}:confirm-copied`, payload: {} });
    expect(answer.json()).toMatchObject({ status: 409, code: 'RUN_NOT_EXECUTING' });
  });

  it('refuses another plan hash and another target', async () => {
    const execute = (payload: object) => app.inject({ method: 'POST', url: `/v1/runs/${runId}:execute`, payload });
    expect((await execute({ planHash: 'other-hash' })).json()).toMatchObject({ status: 409, code: 'PLAN_HASH_MISMATCH' });
    expect((await execute({ approvals: [{ target: 'nope', planHash: 'hash-right' }] })).json()).toMatchObject({
      status: 422,
      code: 'TARGET_UNKNOWN',
    });
    expect((await execute({})).statusCode).toBe(400);
  });
});

describe('events', () => {
  it('are sent as they happen, end with the run, and go on after the last one seen', async () => {
    const streamed = app.inject({ url: `/v1/runs/${runId}/events` });
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect((await app.inject({ method: 'POST', url: `/v1/migrations/${migrationId}:cancel` })).statusCode).toBe(202);
    const { headers, body } = await streamed;

    expect(headers['content-type']).toContain('text/event-stream');
    const ids = [...body.matchAll(/^id: (\d+)$/gm)].map(([, id]) => Number(id));
    const last = Math.max(...ids);
    expect(ids).toEqual([...ids].sort((a, b) => a - b));
    expect(body).toMatch(/event: run\ndata: \{.*"state":"CANCELLED".*\}\n\n/);
    expect(body.trimEnd()).toMatch(/event: end\ndata: .*"state":"CANCELLED"\}$/);

    const rest = await app.inject({ url: `/v1/runs/${runId}/events`, headers: { 'last-event-id': String(last - 1) } });
    expect([...rest.body.matchAll(/^id: (\d+)$/gm)].map(([, id]) => Number(id))).toEqual([last, last]);
    const over = await app.inject({ url: `/v1/runs/${runId}/events`, headers: { 'last-event-id': String(last) } });
    expect(over.statusCode).toBe(204);
  });
});
