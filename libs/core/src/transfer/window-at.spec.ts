import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { windowAt } from './window-at.ts';

const HOUR = 3600 * 1000;
const night = { opens: '22:00', closes: '05:00' };
const at = (time: string) => new Date(`2026-11-21T${time}Z`);

describe('a time window', () => {
  it.each([
    ['opens in the evening', '21:30:00.000', { kind: 'closed', opensInMs: HOUR / 2 }],
    ['is open from its first moment', '22:00:00.000', { kind: 'open', closesInMs: 7 * HOUR }],
    ['is open after midnight', '04:59:59.500', { kind: 'open', closesInMs: 500 }],
    ['is closed from its last moment', '05:00:00.000', { kind: 'closed', opensInMs: 17 * HOUR }],
  ])('%s', (_title, time, state) => {
    expect(windowAt(night, at(time))).toEqual(state);
  });

  it('is of the time zone that it names', () => {
    expect(windowAt({ ...night, timeZone: 'Europe/Berlin' }, at('21:00:00.000'))).toEqual({ kind: 'open', closesInMs: 7 * HOUR });
  });

  it('of a whole day never closes', () => {
    expect(windowAt({ opens: '08:00', closes: '08:00' }, at('12:00:00.000'))).toEqual({ kind: 'open' });
  });

  it('ends by the clock on the wall, also in the night in which that is put back', () => {
    const before = new Date('2026-10-24T20:00:00Z');
    const berlin = { ...night, timeZone: 'Europe/Berlin' };
    expect(windowAt(berlin, before)).toEqual({ kind: 'open', closesInMs: 8 * HOUR });
  });

  it('changes its state when it says so', () => {
    const time = fc
      .tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 }))
      .map((parts) => parts.map((part) => String(part).padStart(2, '0')).join(':'));
    fc.assert(
      fc.property(
        time,
        time,
        fc.constantFrom('UTC', 'Europe/Berlin', 'America/New_York', 'Asia/Kolkata'),
        fc.integer({ min: 0, max: 1000 * HOUR }),
        (opens, closes, timeZone, passed) => {
          fc.pre(opens !== closes);
          const window = { opens, closes, timeZone };
          const moment = new Date(Date.parse('2026-01-10T00:00:00Z') + passed);
          const state = windowAt(window, moment);
          const after = state.kind === 'open' ? (state.closesInMs ?? 0) : state.opensInMs;
          expect(windowAt(window, new Date(moment.getTime() + after)).kind).not.toBe(state.kind);
          expect(windowAt(window, new Date(moment.getTime() + after - 1)).kind).toBe(state.kind);
        },
      ),
    );
  });
});
