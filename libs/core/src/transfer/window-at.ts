import type { TimeWindow } from '../model/transfer.ts';
import { minuteOf, windowSeconds } from './time-window.ts';

const DAY_MS = 24 * 3600 * 1000;
const MINUTE_MS = 60_000;

/** Whether copies may run at a moment, and until when that holds. A window of a whole day never closes. */
export type WindowState = { readonly kind: 'open'; readonly closesInMs?: number } | { readonly kind: 'closed'; readonly opensInMs: number };

/** Faults: TIME_WINDOW_INVALID (request). */
export function windowAt(window: TimeWindow, at: Date): WindowState {
  const lengthMs = windowSeconds(window) * 1000;
  if (lengthMs === DAY_MS) return { kind: 'open' };
  const sinceOpeningMs = (dayMsOf(at, window) - minuteOf(window.opens) * MINUTE_MS + DAY_MS) % DAY_MS;
  if (sinceOpeningMs < lengthMs) return { kind: 'open', closesInMs: untilTime(window, { at, time: window.closes }) };
  return { kind: 'closed', opensInMs: untilTime(window, { at, time: window.opens }) };
}

/** The time of day there, in milliseconds since midnight. */
function dayMsOf(at: Date, { timeZone = 'UTC' }: TimeWindow): number {
  const format = new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' });
  const parts = new Map(format.formatToParts(at).map(({ type, value }) => [type, Number(value)]));
  const [hours = 0, minutes = 0, seconds = 0] = [parts.get('hour'), parts.get('minute'), parts.get('second')];
  return ((hours * 60 + minutes) * 60 + seconds) * 1000 + at.getUTCMilliseconds();
}

/** Until it is that time of day next. Where a clock is put forward or back in between, by as much later or earlier. */
function untilTime(window: TimeWindow, { at, time }: { readonly at: Date; readonly time: string }): number {
  const wanted = minuteOf(time) * MINUTE_MS;
  const untilMs = (wanted - dayMsOf(at, window) + DAY_MS) % DAY_MS || DAY_MS;
  const reached = dayMsOf(new Date(at.getTime() + untilMs), window);
  const shifted = ((reached - wanted + DAY_MS * 1.5) % DAY_MS) - DAY_MS / 2;
  return Math.max(0, untilMs - shifted);
}
