import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { fingerprintOf, openStateFolder } from './state-folder.ts';

const APPROVED = { fingerprint: 'f', runs: [{ name: 'sales', runId: 'r1' }] };

describe('the state of what is executed', () => {
  let place = '';

  beforeEach(() => {
    place = mkdtempSync(join(tmpdir(), 'ferry-state-'));
    vi.stubEnv('FERRY_DATA_DIR', place);
  });
  afterEach(() => {
    vi.unstubAllEnvs();
    rmSync(place, { recursive: true });
  });

  it('is found again by the folder of reports, until it is settled', () => {
    openStateFolder('/reports/a').approve(APPROVED);
    expect(openStateFolder('/reports/a/').approved()).toEqual(APPROVED);
    openStateFolder('/reports/a').settle();
    expect(openStateFolder('/reports/a').approved()).toBeUndefined();
  });

  it('is another for another folder of reports', () => {
    openStateFolder('/reports/a').approve(APPROVED);
    expect(openStateFolder('/reports/b').approved()).toBeUndefined();
  });

  it('lies below the data folder that is asked for, and nothing else there is removed', () => {
    const state = openStateFolder('/reports/a');
    state.approve(APPROVED);
    expect(join(state.directory, '..')).toBe(place);
    state.clear();
    expect([existsSync(state.directory), existsSync(place)]).toEqual([false, true]);
  });

  it('is not removed while the service of another process works there', () => {
    const { directory, clear } = openStateFolder('/reports/a');
    const note = join(directory, 'postgres/service.pid');
    mkdirSync(dirname(note), { recursive: true });
    writeFileSync(note, String(process.ppid));
    clear();
    expect(existsSync(note)).toBe(true);
    writeFileSync(note, '4194999');
    clear();
    expect(existsSync(directory)).toBe(false);
  });

  it('belongs to what was asked for: another option is another thing', () => {
    expect(fingerprintOf({ sync: true })).toBe(fingerprintOf({ sync: true }));
    expect(fingerprintOf({ sync: true })).not.toBe(fingerprintOf({ sync: false }));
  });
});
