import { MigrationError } from '../faults.ts';
import type { TimeWindow } from '../model/transfer.ts';

const TIME = /^([01]\d|2[0-3]):([0-5]\d)$/;
const DAY_MINUTES = 24 * 60;

/** Length of a window; one that closes when it opens lasts a day. Faults: TIME_WINDOW_INVALID (request). */
export function windowSeconds({ opens, closes }: TimeWindow): number {
  const minutes = (minuteOf(closes) - minuteOf(opens) + DAY_MINUTES) % DAY_MINUTES;
  return (minutes === 0 ? DAY_MINUTES : minutes) * 60;
}

/** Minutes since midnight. Faults: TIME_WINDOW_INVALID (request). */
export function minuteOf(text: string): number {
  const [, hours, minutes] = TIME.exec(text) ?? [];
  if (hours !== undefined && minutes !== undefined) return Number(hours) * 60 + Number(minutes);
  throw new MigrationError('TIME_WINDOW_INVALID', `Time window: expected a time of day such as 22:00, found ${text}.`, {
    category: 'request',
    retry: 'never',
    subject: text,
  });
}
