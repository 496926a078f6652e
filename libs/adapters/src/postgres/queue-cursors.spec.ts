import type { StepKind } from '@hiveferry/core';
import { expect, it } from 'vitest';
import { QueueCursors } from './queue-cursors.ts';
import type { ClaimedRoom, TakenOfKind } from './ready-claim.sql.ts';

const room: ClaimedRoom = { cluster: 'right', target: 'right', taken: 0, ahead: { kinds: ['preflight', 'create-table'], limit: 9 } };

const took = (stepId: string, { position = 0, kind = 'preflight' }: { position?: number; kind?: StepKind } = {}): TakenOfKind => ({
  cluster: 'right',
  target: 'right',
  kind,
  count: 1,
  last: { position, stepId },
});

it('reads each kind on from its last row: the lowest position, and there the highest id', () => {
  const cursors = new QueueCursors();
  cursors.note(room, [took('f', { position: 3 }), took('b'), took('d'), took('c'), took('a', { position: 7, kind: 'create-table' })], 0);
  expect(cursors.after(room)).toEqual({ preflight: { position: 0, stepId: 'd' }, 'create-table': { position: 7, stepId: 'a' } });
});

it('reads on where a claim that read on has ended, and stays where it took nothing', () => {
  const cursors = new QueueCursors();
  cursors.note(room, [took('b'), took('a', { kind: 'create-table' })], 0);
  cursors.note({ ...room, after: cursors.after(room) }, [took('c')], 1);
  expect(cursors.after(room)).toEqual({ preflight: { position: 0, stepId: 'c' }, 'create-table': { position: 0, stepId: 'a' } });
});

it('reads from the start half a second after it did so last, however often it read on since', () => {
  const cursors = new QueueCursors();
  cursors.note(room, [took('a')], 1_000);
  cursors.note({ ...room, after: cursors.after(room) }, [took('b')], 1_400);
  cursors.forgetOld(1_499);
  expect(cursors.after(room)).toBeDefined();
  cursors.forgetOld(1_500);
  expect(cursors.after(room)).toBeUndefined();
});

it('is of one link, and of kinds that are wanted ahead', () => {
  const cursors = new QueueCursors();
  cursors.note({ ...room, ahead: { kinds: ['preflight'], limit: 9 } }, [took('a'), took('b', { kind: 'create-table' })], 0);
  expect(cursors.after(room)).toEqual({ preflight: { position: 0, stepId: 'a' } });
  expect(cursors.after({ ...room, target: 'other' })).toBeUndefined();
  expect(cursors.after({ ...room, ahead: { kinds: ['create-table'], limit: 9 } })).toBeUndefined();
  expect(cursors.after({ cluster: 'right', target: 'right', taken: 0 })).toBeUndefined();
});

it('forgets a kind of which a claim from the start took nothing', () => {
  const cursors = new QueueCursors();
  cursors.note(room, [took('a'), took('a', { kind: 'create-table' })], 0);
  cursors.note(room, [took('b')], 1);
  expect(cursors.after(room)).toEqual({ preflight: { position: 0, stepId: 'b' } });
});

it('does not read on in a queue that another claim has found empty meanwhile', () => {
  const cursors = new QueueCursors();
  cursors.note(room, [took('a')], 0);
  const reading = { ...room, after: cursors.after(room) };
  cursors.forget(room);
  cursors.note(reading, [took('b')], 1);
  expect(cursors.after(room)).toBeUndefined();
});
