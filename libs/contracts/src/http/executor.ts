import { z } from 'zod';
import { ClusterName, Instant } from '../text.ts';
import { NextPageToken } from './page.ts';
import { Failure } from './run.ts';

export const Executor = z
  .object({
    id: z.string().meta({ description: 'Names the process in leases.', example: 'executor-source-edge-1-4711-9f2c' }),
    cluster: ClusterName.exactOptional().meta({ description: 'Cluster at whose edge it stands. Absent: it serves all.' }),
    version: z.string().meta({ example: '0.1.0' }),
    startedAt: Instant,
    lastHeartbeatAt: Instant,
    alive: z.boolean().meta({ description: 'False when its last heartbeat is too old: its steps are taken over when their leases end.' }),
    load: z.object({
      running: z.int().meta({ description: 'Steps that it runs.' }),
      places: z.int().meta({ description: 'Steps that it could run at a time.' }),
      leasesLost: z.int().exactOptional().meta({
        description: 'Steps whose lease it lost while it worked on them, since it started. Its log names them.',
      }),
    }),
  })
  .meta({ id: 'Executor' });
export type Executor = z.infer<typeof Executor>;

const HeldTopic = z
  .object({
    topic: z.string().meta({ example: 'hiveferry.tasks.lake.distcp' }),
    since: Instant,
    failure: Failure,
  })
  .meta({
    id: 'HeldTopic',
    description: 'A topic of Kafka that takes no messages: its executors are not woken. Those of other topics are.',
  });

export const ExecutorPage = z
  .object({
    items: z.array(Executor),
    heldTopics: z.array(HeldTopic).exactOptional().meta({ description: 'Topics whose messages wait, and what to do. Absent: none.' }),
    nextPageToken: NextPageToken,
  })
  .meta({ id: 'ExecutorPage' });
export type ExecutorPage = z.infer<typeof ExecutorPage>;
