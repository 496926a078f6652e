import { expect, it } from 'vitest';
import { headersOf } from './headers.ts';

const runId = '0198C4A2-7d1e-7000-8000-0000000000aa';
const message = { type: 'run.requested', version: 1, id: '0198c4a2-7d1e-7001-9abc-0123456789ab', runId, key: runId } as const;

it('traces a message as a span of its run', () => {
  expect(headersOf(message)).toEqual({
    type: 'run.requested',
    version: '1',
    traceparent: '00-0198c4a27d1e700080000000000000aa-9abc0123456789ab-01',
  });
});
