import { DEFAULT_TRANSFER_SETTINGS, PRESERVED, preserveRefusal, propertyRefusal } from '@hiveferry/core';
import { z } from 'zod';
import { AtLeast, PlainText, Text, Word } from './schema-parts.ts';

const Time = (description: string) =>
  z
    .string()
    .regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'a time of day, such as "22:00"')
    .meta({ description, expected: 'a time of day' });

/** Keys of our own: hms-mirror leaves all of this to the person who runs its scripts. Defaults are the core's. */
export const DistCpSchema = z.strictObject({
  slots: AtLeast(1, 4, 'Not in hms-mirror: DistCp jobs at the same time.'),
  maxMappers: AtLeast(1, 80, 'Not in hms-mirror: mappers of all jobs that run at the same time.'),
  maxMbPerSecond: AtLeast(0, 0, 'Not in hms-mirror: bandwidth of the link for all jobs together; 0 is no limit.'),
  packing: Word(['LIST', 'NONE']).default('LIST').describe('Not in hms-mirror: small copies share a job by a list, or do not.'),
  waveMinutes: AtLeast(1, 60, 'Not in hms-mirror: after which time a wave of jobs ends.'),
  window: z
    .strictObject({ opens: Time('When copies may begin.'), closes: Time('When they must end.') })
    .exactOptional()
    .describe('Not in hms-mirror: time of day in which copies run.'),
  queue: Text('Not in hms-mirror: queue of YARN.'),
  properties: z
    .record(z.string(), PlainText)
    .default({})
    .check(({ value, issues }) => {
      for (const [name, text] of Object.entries(value)) {
        const message = propertyRefusal(name, text);
        if (message !== undefined)
          issues.push({ code: 'custom', message: `another property (${message})`, path: [name], input: text, params: { isHidden: true } });
      }
    })
    .describe('Not in hms-mirror: -D properties of DistCp.'),
  preserve: PlainText.refine((flags) => preserveRefusal(flags) === undefined, `letters of ${PRESERVED}, each once`)
    .exactOptional()
    .meta({ description: 'Not in hms-mirror: letters that follow -p, from HDFS to HDFS.', expected: `letters of ${PRESERVED}, each once` }),
  startUpSeconds: z
    .number()
    .positive()
    .default(DEFAULT_TRANSFER_SETTINGS.assumptions.startUpSeconds)
    .meta({ description: 'Not in hms-mirror: start of a DistCp job, for the forecast; more on YARN.', expected: 'a number' }),
  mbPerSecondPerMapper: AtLeast(1, 100, 'Not in hms-mirror: speed of a mapper, for the forecast.'),
});
