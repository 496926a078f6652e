/** A small HiveServer2 client for the lab itself, with time-outs: the driver alone waits for ever on an auth mismatch. */
import { setTimeout as sleep } from 'node:timers/promises';
import hive from 'hive-driver';
import type { LabCluster } from './lab.ts';

const CONNECT_MS = 10_000;
const STATEMENT_MS = 180_000;

export interface HiveSession {
  execute(statement: string): Promise<void>;
  query(statement: string): Promise<readonly (readonly string[])[]>;
  close(): Promise<void>;
}

type Operation = Awaited<ReturnType<Awaited<ReturnType<InstanceType<typeof hive.HiveClient>['openSession']>>['executeStatement']>>;

interface OperationStates {
  readonly FINISHED_STATE: number;
  readonly ERROR_STATE: number;
  readonly CANCELED_STATE: number;
  readonly CLOSED_STATE: number;
}

const service = hive.thrift.TCLIService as object;
const driverTypes = hive.thrift.TCLIService_types as ConstructorParameters<typeof hive.HiveClient>[1];

/** The driver types its generated Thrift objects as `any`; this is the part of them that is used here. */
const codes: { readonly TProtocolVersion: Readonly<Record<string, number>>; readonly TOperationState: OperationStates } = driverTypes;

export async function openHive(server: LabCluster['hiveServer2'], timeoutMs: number = CONNECT_MS): Promise<HiveSession> {
  const client = new hive.HiveClient(service, driverTypes);
  const lost: { error?: Error } = {};
  client.on('error', (error: Error) => (lost.error = error));
  try {
    return await within(timeoutMs, `connecting to HiveServer2 at port ${server.port}`, connect(client, server));
  } catch (error) {
    client.close();
    throw lost.error ?? (error instanceof Error ? error : new Error(messageOf(error)));
  }
}

async function connect(client: InstanceType<typeof hive.HiveClient>, server: LabCluster['hiveServer2']): Promise<HiveSession> {
  const plain = new hive.auth.PlainTcpAuthentication({ username: server.user, password: 'lab' });
  const auth = server.auth === 'plain' ? plain : new hive.auth.NoSaslAuthentication();
  await client.connect({ host: server.host, port: server.port, options: {} }, new hive.connections.TcpConnection(), auth);
  const protocol = codes.TProtocolVersion['HIVE_CLI_SERVICE_PROTOCOL_V10'] ?? 9;
  const session = await client.openSession({ client_protocol: protocol, username: server.user });
  const start = async (statement: string): Promise<Operation> => {
    const begun = session.executeStatement(statement, { runAsync: true }).catch((error: unknown) => {
      throw new Error(`${firstWords(statement)}: ${messageOf(error)}`);
    });
    const operation = await within(STATEMENT_MS, firstWords(statement), begun);
    await untilFinished(operation, statement);
    return operation;
  };
  return {
    execute: async (statement) => {
      const operation = await start(statement);
      await operation.close();
    },
    query: async (statement) => {
      const operation = await start(statement);
      const rows = await fetchRows(operation);
      await operation.close();
      return rows;
    },
    close: async () => {
      await session.close();
      client.close();
    },
  };
}

async function untilFinished(operation: Operation, statement: string): Promise<void> {
  const states = codes.TOperationState;
  const deadline = Date.now() + STATEMENT_MS;
  for (let pauseMs = 5; ; pauseMs = Math.min(pauseMs * 2, 100)) {
    const answer = await within(STATEMENT_MS, firstWords(statement), operation.status(false));
    const state = Number(answer.operationState);
    if (state === states.FINISHED_STATE) return;
    if (state === states.ERROR_STATE || state === states.CANCELED_STATE || state === states.CLOSED_STATE) {
      throw new Error(`${firstWords(statement)}: ${answer.errorMessage ?? 'no message'}`);
    }
    if (Date.now() > deadline) throw new Error(`${firstWords(statement)}: no end after ${STATEMENT_MS / 1000} s`);
    await sleep(pauseMs);
  }
}

async function fetchRows(operation: Operation): Promise<readonly (readonly string[])[]> {
  const utils = new hive.HiveUtils(driverTypes);
  await utils.fetchAll(operation);
  const rows = (utils.getResult(operation).getValue() ?? []) as readonly Readonly<Record<string, unknown>>[];
  return rows.map((row) => Object.values(row).map(String));
}

/** The driver's StatusError is no Error. */
function messageOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'message' in error ? String(error.message) : String(error);
}

const firstWords = (statement: string): string => statement.replaceAll(/\s+/g, ' ').slice(0, 160);

async function within<T>(timeoutMs: number, what: string, work: Promise<T>): Promise<T> {
  const timer = new AbortController();
  const late = sleep(timeoutMs, undefined, { signal: timer.signal }).then(() => {
    throw new Error(`${what}: no answer after ${timeoutMs / 1000} s`);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    timer.abort();
    late.catch(() => undefined);
  }
}
