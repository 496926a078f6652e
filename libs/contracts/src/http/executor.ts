import { z } from 'zod';
import { ClusterName, Instant } from '../text.ts';
import { NextPageToken } from './page.ts';

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
    }),
  })
  .meta({ id: 'Executor' });
export type Executor = z.infer<typeof Executor>;

export const ExecutorPage = z.object({ items: z.array(Executor), nextPageToken: NextPageToken }).meta({ id: 'ExecutorPage' });
