import { z } from 'zod';

const Time = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'expected a time of day, such as 22:00');

const TimeWindow = z
  .strictObject({
    opens: Time,
    closes: Time.meta({ description: 'May be on the next day. The same as `opens`: always.' }),
    timeZone: z
      .string()
      .max(64)
      .refine(isTimeZone, 'expected a time zone, such as Europe/Berlin')
      .exactOptional()
      .meta({ description: 'Absent: UTC.' }),
  })
  .meta({
    id: 'TimeWindow',
    description:
      'When copies run. Outside of it a copy waits. One that runs when the window closes is ended, and goes on when it opens again: what is there and equal is skipped.',
    example: { opens: '22:00', closes: '05:00', timeZone: 'Europe/Berlin' },
  });

/** What all copies of a run to one target have together. */
export const CopyPace = z.strictObject({
  slots: z.int().min(1).max(1000).exactOptional().meta({
    description:
      'Copies at the same time, by which the two bounds below are shared; the others wait. Absent: as many as executors have places for, and the bounds are shared by 4.',
  }),
  maxMappers: z.int().min(1).max(100_000).exactOptional().meta({ description: 'Mappers of all copies that run at the same time.' }),
  maxMbPerSecond: z.int().min(1).max(1_000_000).exactOptional().meta({ description: 'Bandwidth of the link, for all copies together.' }),
  window: TimeWindow.exactOptional(),
});

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
