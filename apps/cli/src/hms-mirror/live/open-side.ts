import { MigrationError } from '@hiveferry/core';
import type { HiveSession } from '@hiveferry/ports';
import { openMirrorClients } from '../../live.module.ts';
import type { MirrorClients } from '../../live.module.ts';
import type { MirrorSide, SideName } from './mirror-sides.ts';

/** Tables under way at a time, each with one session of its own on each side; the servers have other users. */
export const SESSIONS = 4;

/** One side of hms-mirror's configuration, connected when it is first asked. */
export interface OpenSide {
  readonly side: SideName;
  readonly clients: MirrorClients;
  /** Failures say of which side they are. */
  readonly ask: <T>(work: () => Promise<T>) => Promise<T>;
  readonly inSession: <T>(work: (session: HiveSession) => Promise<T>) => Promise<T>;
  readonly close: () => Promise<void>;
}

export function openSide(place: MirrorSide): OpenSide {
  const clients = openMirrorClients(place, SESSIONS);
  const idle: HiveSession[] = [];
  const ask = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      throw ofSide(place.side, error);
    }
  };
  return {
    side: place.side,
    clients,
    ask,
    inSession: async (work) =>
      await ask(async () => {
        const session = idle.pop() ?? (await clients.hive.openSession());
        try {
          return await work(session);
        } finally {
          idle.push(session);
        }
      }),
    close: async () => {
      await clients.close().catch(() => undefined);
    },
  };
}

function ofSide(side: SideName, error: unknown): unknown {
  if (!(error instanceof MigrationError) || error.message.startsWith('clusters.')) return error;
  const { category, retry, subject, detail } = error;
  return new MigrationError(error.code, `clusters.${side}: ${error.message}`, { category, retry, subject, detail, cause: error });
}
