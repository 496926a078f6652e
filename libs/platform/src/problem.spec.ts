import { MigrationError } from '@hiveferry/core';
import type { FaultCategory, Retry } from '@hiveferry/core';
import { describe, expect, it } from 'vitest';
import { nodeVersionProblem } from './node-version.ts';
import { problemOf } from './problem.ts';
import { humanLine } from './terminal-stream.ts';

const request = { instance: '/v1/runs', requestId: 'r-1' };
const fault = (code: string, category: FaultCategory, retry: Retry = 'never') =>
  new MigrationError(code, 'words', { category, retry, subject: 's' });

describe('problemOf', () => {
  it.each([
    [fault('STRATEGY_NOT_AVAILABLE', 'request'), 422, false],
    [fault('RUN_NOT_FOUND', 'request'), 404, false],
    [fault('FILE_NOT_FOUND', 'environment', 'operator'), 503, false],
    [fault('HIVE_UNREACHABLE', 'environment', 'later'), 503, true],
    [fault('PLAN_HASH_MISMATCH', 'conflict'), 409, false],
    [fault('IDEMPOTENCY_KEY_REUSED', 'conflict'), 422, false],
    [fault('BROKEN', 'defect'), 500, false],
  ])('maps %s', (error, status, retryable) => {
    expect(problemOf(error, request)).toMatchObject({
      status,
      retryable,
      code: error.code,
      detail: 'words',
      instance: '/v1/runs',
      requestId: 'r-1',
    });
  });

  it('tells nothing of an error that is not ours to tell', () => {
    expect(JSON.stringify(problemOf(new Error('password=canary'), request))).not.toContain('canary');
  });
});

describe('nodeVersionProblem', () => {
  it('wants 24.15', () => {
    expect(['24.15.0', '24.21.0', '26.0.0'].map(nodeVersionProblem)).toEqual([undefined, undefined, undefined]);
    expect(nodeVersionProblem('20.20.2')).toContain('this is Node 20.20.2');
    expect(nodeVersionProblem('24.14.9')).toBeDefined();
  });
});

describe('humanLine', () => {
  it('shows time, level, text and fields', () => {
    const line = JSON.stringify({
      level: 30,
      time: '2026-11-21T09:30:01.000Z',
      context: 'Planner',
      msg: 'run is planned',
      runId: 'r1',
      tables: 3,
    });
    expect(humanLine(line)).toBe('09:30:01 info  [Planner] run is planned runId=r1 tables=3');
  });
});
