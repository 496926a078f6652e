import { z } from 'zod';
import { Instant, Uuid } from '../text.ts';
import { NextPageToken } from './page.ts';
import { Failure } from './run.ts';

const OPERATION_KINDS = ['plan', 'execute', 'verify', 'cancel'] as const;

export const Operation = z
  .object({
    id: Uuid,
    kind: z.enum(OPERATION_KINDS),
    migrationId: Uuid,
    runId: Uuid,
    done: z.boolean(),
    createdAt: Instant,
    endedAt: Instant.exactOptional(),
    error: Failure.exactOptional().meta({
      description: 'Present when the operation as a whole failed. Single tables say their own failures.',
    }),
  })
  .meta({ id: 'Operation', description: 'Work that goes on after the answer: ask again until `done`, or follow the events of the run.' });
export type Operation = z.infer<typeof Operation>;

export const OperationPage = z.object({ items: z.array(Operation), nextPageToken: NextPageToken }).meta({ id: 'OperationPage' });
