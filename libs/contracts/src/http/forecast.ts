import { z } from 'zod';
import { ClusterName } from '../text.ts';

const positive = (description: string, example: number) =>
  z.coerce.number<string>().positive().max(1_000_000).exactOptional().meta({ description, example });

/** What a forecast takes for granted; absent: what was measured with DistCp in local mode, and DistCp's own limits. */
export const ForecastQuery = z.strictObject({
  target: ClusterName.exactOptional().meta({ description: 'Absent: every target.' }),
  slots: z.coerce.number<string>().int().min(1).max(1000).exactOptional().meta({ description: 'Copies at the same time.', example: 8 }),
  maxMbPerSecond: positive('Bandwidth of the link, for all copies together.', 1000),
  startUpSeconds: positive('Start of one DistCp job: more on YARN.', 20),
  mbPerSecondPerMapper: positive('What one mapper copies.', 50),
});
export type ForecastQuery = z.infer<typeof ForecastQuery>;

const seconds = (description: string) => z.number().meta({ description });

const Assumptions = z.object({
  slots: z.int(),
  mappers: z.int().meta({ description: 'At most, for each copy.' }),
  maxMbPerSecond: z.number().exactOptional(),
  startUpSeconds: z.number(),
  listSecondsPerFile: z.number(),
  copySecondsPerFile: z.number(),
  mbPerSecondPerMapper: z.number(),
});

const TargetForecast = z
  .object({
    target: ClusterName,
    copies: z.int(),
    bytes: z.int().meta({ description: 'Of the copies whose size the statistics of the metastore say.' }),
    files: z.int(),
    unknownSizes: z.int().meta({ description: 'Copies of unknown size; each counts as the mean of the others.' }),
    seconds: seconds('Time in which copies run, in the slots.'),
    lowerBoundSeconds: seconds('No order is quicker: the sum of all copies over the slots, or the longest of them.'),
    oneByOneSeconds: seconds('One copy after another.'),
    recommendations: z.array(z.string()),
    assumptions: Assumptions,
  })
  .meta({ id: 'TargetForecast' });

export const Forecast = z.object({ items: z.array(TargetForecast) }).meta({
  id: 'Forecast',
  description:
    'How long the copies of a plan will take, and what that rests on. Statistics of the metastore may be old: it is no measurement.',
});
export type Forecast = z.infer<typeof Forecast>;
