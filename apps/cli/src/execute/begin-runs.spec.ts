import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Run } from '@hiveferry/contracts';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { begin, goOn } from './begin-runs.ts';
import type { Service } from './embedded-service.ts';
import { openStateFolder } from './state-folder.ts';

const SILENT = { err: () => undefined };
const NO_TABLES = { total: 0, byState: {} };

function runIn(state: Run['state'], id = 'r1'): Run {
  return { id, migrationId: 'm', number: 1, state, createdAt: '2026-11-21T10:00:00.000Z', targets: [] };
}

/** Answers with these runs, by id; notes what is asked for. */
function serviceWith(runs: Record<string, Run>) {
  const posted: string[] = [];
  const get = async (path: string): Promise<unknown> => await Promise.resolve(runs[path.split('/').at(-1) ?? '']);
  const post = async (path: string): Promise<unknown> => {
    posted.push(path);
    const [, id = '', command] = /runs\/([^:]+):(\w+)$/.exec(path) ?? [];
    if (command === 'cancel') runs[id] = runIn('CANCELLED', id);
    return await Promise.resolve({ runId: 'new' });
  };
  const never = async function* (): AsyncGenerator<string> {};
  // Only what is asked here.
  const service = { get, post, lines: never } as unknown as Service;
  return { posted, following: { service, signal: new AbortController().signal, say: () => undefined } };
}

const asked = () => ({
  state: openStateFolder('/reports/a'),
  fingerprint: 'new',
  requests: [{ name: 'sales', body: {} }],
  review: async () => await Promise.resolve(['it is not what was asked for']),
});

describe('what an earlier command has approved', () => {
  let place = '';

  beforeEach(() => {
    place = mkdtempSync(join(tmpdir(), 'ferry-begin-'));
    vi.stubEnv('FERRY_DATA_DIR', place);
    openStateFolder('/reports/a').approve({ fingerprint: 'old', runs: [{ name: 'sales', runId: 'r1' }] });
  });
  afterEach(() => {
    vi.unstubAllEnvs();
    rmSync(place, { recursive: true });
  });

  it('is approved no more when it was ended for a plan that is refused', async () => {
    const { following } = serviceWith({ r1: runIn('EXECUTING'), new: runIn('PLANNED', 'new') });
    expect(await begin(asked(), following, SILENT)).toBeUndefined();
    expect(openStateFolder('/reports/a').approved()).toBeUndefined();
  });

  it('goes on', async () => {
    const { following, posted } = serviceWith({ r1: runIn('INCOMPLETE') });
    const runs = openStateFolder('/reports/a').approved()?.runs ?? [];
    expect(await goOn(runs, following)).toEqual(runs);
    expect(posted).toEqual(['/v1/runs/r1:resume']);
  });

  it('is kept with the hash of its plan', async () => {
    const planned: Run = {
      ...runIn('PLANNED', 'new'),
      targets: [{ target: 'right', state: 'PLANNED', planHash: 'abc', tables: NO_TABLES }],
    };
    const { following, posted } = serviceWith({ r1: runIn('SUCCEEDED'), new: planned });
    await begin({ ...asked(), review: async () => await Promise.resolve([]) }, following, SILENT);
    expect(openStateFolder('/reports/a').approved()?.runs).toEqual([{ name: 'sales', runId: 'new', planHashes: { right: 'abc' } }]);
    expect(posted.at(-1)).toBe('/v1/runs/new:execute');
  });
});
