import { z } from 'zod';
import { Instant, Uuid } from '../text.ts';
import { NextPageToken } from './page.ts';
import { Failure, RunTarget } from './run.ts';

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
      description: 'Present when the operation as a whole failed. Single tables and targets say their own failures.',
    }),
    targets: z.array(RunTarget).exactOptional().meta({
      description: 'What became of each target of the run; absent in the answer to a command.',
    }),
  })
  .meta({
    id: 'Operation',
    description: 'Work that goes on after the answer: ask again until `done`, or follow the events of the run.',
    example: {
      id: '01939b6e-6f4e-7cc0-8a51-0d5f5b6c7d8e',
      kind: 'plan',
      migrationId: '01939b6e-6f4e-7cc0-8a51-0d5f5b6c7d8f',
      runId: '01939b6e-6f4e-7cc0-8a51-0d5f5b6c7d90',
      done: false,
      createdAt: '2026-11-21T09:30:00.000Z',
    },
  });
export type Operation = z.infer<typeof Operation>;

export const OperationPage = z.object({ items: z.array(Operation), nextPageToken: NextPageToken }).meta({ id: 'OperationPage' });
