/** The main job on the lab's whole `tiny` data set: plan, approve, execute, prove; and what a plan promises. */
import { spawnSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { displayName } from '@hiveferry/core';
import { labReset } from '../../lab/src/index.ts';
import { catalogOf } from '../../lab/src/data/catalog.ts';
import type { Run, TableView } from '../../scripts/support/api-client.ts';
import { openStage, type Stage } from '../support/stage.ts';

const CATALOG = catalogOf('tiny');
const DATABASES = [...new Set(CATALOG.map((table) => table.db))];

describe('a migration of the whole data set', () => {
  let stage: Stage;
  let planned: Run;
  let tables: readonly TableView[];

  beforeAll(async () => {
    await labReset({ target: true });
    stage = await openStage('migration');
    planned = await stage.plan({ databases: DATABASES });
  }, 600_000);

  afterAll(async () => {
    await stage.close();
    await labReset({ target: true });
  });

  it('finds both clusters usable', async () => {
    for (const name of ['source', 'target']) {
      const check = await stage.api.checkCluster(name);
      expect(check.parts.filter((part) => !part.ok)).toEqual([]);
      expect(check.ok).toBe(true);
    }
  });

  it('says of a cluster that is not there what does not answer', async () => {
    const nowhere = { ...(await registeredSpec(stage)), name: 'nowhere', metastore: { uri: 'thrift://127.0.0.1:1' } };
    await stage.api.registerCluster(nowhere);
    const check = await stage.api.checkCluster('nowhere');
    expect(check.ok).toBe(false);
    expect(
      check.parts
        .filter((part) => !part.ok)
        .map((part) => part.message)
        .join(),
    ).toContain('127.0.0.1:1');
  });

  it('plans every table of the data set and touches nothing', async () => {
    expect(planned.state).toBe('PLANNED');
    const names = (await stage.api.tables(planned.id, 7)).map((table) => displayName(table.source));
    expect([...names].sort()).toEqual(CATALOG.map((table) => `${table.db}.${table.table}`).sort());
    expect((await stage.target.query('show databases')).flat().filter((name) => DATABASES.includes(name ?? ''))).toEqual([]);
  });

  it('refuses transactional tables by name and says which strategies would do', async () => {
    const refused = (await stage.api.tables(planned.id)).filter((table) => table.state === 'REFUSED');
    const expected = CATALOG.filter((table) => table.refusedBySchemaOnly !== undefined);
    expect(refused.map((table) => displayName(table.source)).sort()).toEqual(expected.map((table) => `${table.db}.${table.table}`).sort());
    for (const table of refused) {
      const issue = table.issues.find((each) => each.severity === 'refusal');
      expect(`${issue?.text ?? ''} ${issue?.advice ?? ''}`).toMatch(/SQL.*EXPORT_IMPORT.*HYBRID/s);
    }
  });

  it('gives the same plan hash for the same request after a restart', async () => {
    await stage.restart();
    const again = await stage.plan({ databases: DATABASES });
    expect(again.targets[0]?.planHash).toBe(planned.targets[0]?.planHash);
  });

  it('changes exactly one table hash when one column comment changes', async () => {
    const before = await hashes(stage, planned);
    await stage.source.execute("alter table sales.orders change id id bigint comment 'changed for a moment'");
    try {
      const after = await hashes(stage, await stage.plan({ databases: DATABASES }));
      expect([...after].filter(([name, hash]) => before.get(name) !== hash).map(([name]) => name)).toEqual(['sales.orders']);
    } finally {
      await stage.source.execute("alter table sales.orders change id id bigint comment ''");
    }
  });

  it('refuses to execute a hash that was not planned', async () => {
    const answer = await stage.api.send('POST', `/v1/runs/${planned.id}:execute`, { planHash: 'f'.repeat(64) });
    expect(answer.status).toBe(409);
    expect(answer.body).toMatchObject({ code: 'PLAN_HASH_MISMATCH' });
  });

  it('moves every table that can be moved, all VERIFIED to their rows', async () => {
    const run = await stage.plan({ databases: DATABASES });
    await stage.api.waitFor(await stage.api.execute(run));
    tables = await stage.api.tables(run.id);
    const movable = CATALOG.filter((table) => table.refusedBySchemaOnly === undefined);
    const unproved = tables.filter((table) => table.state !== 'VERIFIED' && table.state !== 'REFUSED');
    expect(unproved.map((table) => [displayName(table.source), table.state, table.failure, table.evidence?.findings])).toEqual([]);
    expect(tables.filter((table) => table.state === 'VERIFIED')).toHaveLength(movable.length);
    const levels = new Set(tables.filter((table) => table.object === 'table' && table.evidence).map((table) => table.evidence?.level));
    expect([...levels]).toEqual(['rows']);
    expect((await stage.api.run(run.id)).state).toBe('SUCCEEDED');
    planned = run;
  }, 900_000);

  it('counts the same rows on both sides when asked directly', async () => {
    for (const { source, evidence } of tables.filter((table) => table.object === 'table' && table.state === 'VERIFIED').slice(0, 3)) {
      await stage.target.execute('set hive.compute.query.using.stats=false');
      const rows = await stage.target.query(`select count(*) from \`${source.database}\`.\`${source.table}\``);
      expect(rows[0]?.[0]).toBe(evidence?.counts.rows);
    }
  });

  it('streams its events and ends the stream when the run has ended', async () => {
    const response = await fetch(`${stage.api.url}/v1/runs/${planned.id}/events`, { signal: AbortSignal.timeout(20_000) });
    const text = await response.text();
    expect(response.headers.get('content-type')).toContain('text/event-stream');
    expect(text).toMatch(/^id: \d+/m);
    expect(text).toContain('SUCCEEDED');
  });

  it('offers the four artefacts and the HiveQL of both sides for each database, and the scripts parse', async () => {
    const paths = await stage.api.artefacts(planned.id);
    for (const database of DATABASES) {
      const own = paths.filter((path) => path.split('/').at(-1)?.startsWith(`${database}_`));
      for (const ending of [
        '_distcp_source.txt',
        '_distcp_script.sh',
        '_distcp_workbook.md',
        '_distcp_plans.yaml',
        '_LEFT_execute.sql',
        '_RIGHT_execute.sql',
      ])
        expect(own.filter((path) => path.endsWith(`${database}${ending}`))).toHaveLength(1);
    }
    for (const path of paths.filter((each) => each.endsWith('.sh'))) {
      const script = await stage.api.send('GET', `/v1/runs/${planned.id}/artefacts/${path}`);
      const parsed = spawnSync('sh', ['-n'], { input: String(script.body), encoding: 'utf8' });
      expect([path, parsed.status, parsed.stderr]).toEqual([path, 0, '']);
    }
  });

  it('refuses tables that are on the target already when asked to move them again', async () => {
    const again = await stage.plan({ databases: DATABASES });
    const states = (await stage.api.tables(again.id)).map((table) => table.state);
    expect(new Set(states)).toEqual(new Set(['REFUSED']));
  });
});

async function registeredSpec(stage: Stage): Promise<Record<string, unknown>> {
  const { labClusters } = await import('../../scripts/support/lab-clusters.ts');
  return { ...labClusters(stage.lab)[1] };
}

async function hashes(stage: Stage, run: Run): Promise<ReadonlyMap<string, string>> {
  return new Map((await stage.api.tables(run.id)).map((table) => [displayName(table.source), table.tableHash]));
}
