import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { stopOnSignals } from './shutdown.ts';

const handlers = new Map<string | symbol, () => void>();
const exit = vi.fn<(code?: unknown) => void>();
const send = (signal: 'SIGINT' | 'SIGTERM'): void => handlers.get(signal)?.();

beforeEach(() => {
  vi.useFakeTimers();
  handlers.clear();
  exit.mockClear();
  vi.spyOn(process, 'on').mockImplementation((signal, handler: () => void) => {
    handlers.set(signal, handler);
    return process;
  });
  vi.spyOn(process, 'exit').mockImplementation(((code?: unknown) => exit(code)) as typeof process.exit);
});

afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

/** @returns tells the service that its work is done */
function stopping(): { readonly stop: ReturnType<typeof vi.fn>; readonly done: () => void } {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  const stop = vi.fn(async () => await promise);
  stopOnSignals(stop);
  return { stop, done: () => resolve(undefined) };
}

test.each(['SIGINT', 'SIGTERM'] as const)('%s ends the process in order, with code 0', async (signal) => {
  const { stop, done } = stopping();
  send(signal);
  await vi.advanceTimersByTimeAsync(1_000);
  expect([stop.mock.calls.length, exit.mock.calls]).toEqual([1, []]);
  done();
  await vi.advanceTimersByTimeAsync(0);
  expect(exit.mock.calls[0]).toEqual([0]);
});

test('Ctrl-C in a terminal is one wish, though npm and the demo pass it on', async () => {
  const { stop, done } = stopping();
  send('SIGINT');
  send('SIGINT');
  await vi.advanceTimersByTimeAsync(1_500);
  send('SIGTERM');
  expect([stop.mock.calls.length, exit.mock.calls]).toEqual([1, []]);
  done();
  await vi.advanceTimersByTimeAsync(0);
  expect(exit.mock.calls[0]).toEqual([0]);
});

test('a signal later on ends it at once', async () => {
  stopping();
  send('SIGINT');
  await vi.advanceTimersByTimeAsync(2_100);
  send('SIGINT');
  expect(exit.mock.calls).toEqual([[1]]);
});

test('25 s end it at once', async () => {
  stopping();
  send('SIGTERM');
  await vi.advanceTimersByTimeAsync(25_000);
  expect(exit.mock.calls).toEqual([[1]]);
});

test('what cannot stop in order says why, with code 1', async () => {
  const said = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  stopOnSignals(async () => await Promise.reject(new Error('a bus that hangs')));
  send('SIGTERM');
  await vi.advanceTimersByTimeAsync(0);
  expect([exit.mock.calls[0], said.mock.calls[0]?.[0]]).toEqual([[1], 'Stopping failed: a bus that hangs\n']);
});
