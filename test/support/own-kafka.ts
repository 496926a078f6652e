/** A broker of the suite's own, from the lab's jars, that may be killed and started again on the same data and port, and may ask who comes. */
import { spawn } from 'node:child_process';
import type { ChildProcess, StdioOptions } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Kafka, logLevel } from 'kafkajs';
import { prepareCache } from '../../lab/src/cache.ts';
import { run } from '../../lab/src/commands.ts';
import { LAB_SOURCES } from '../../lab/src/directories.ts';
import { jvm } from '../../lab/src/jvm.ts';
import { freePort } from '../../scripts/support/service.ts';

export interface OwnKafka {
  readonly brokers: string;
  kill(): Promise<void>;
  start(): Promise<void>;
  close(): Promise<void>;
}

/** Whom the broker lets in, by SASL/PLAIN and SCRAM-SHA-512. */
export interface KafkaUser {
  readonly username: string;
  readonly password: string;
}

export async function startOwnKafka(user?: KafkaUser): Promise<OwnKafka> {
  const cache = await prepareCache(() => undefined);
  const folder = mkdtempSync(join(tmpdir(), 'hiveferry-kafka-'));
  const data = join(folder, 'data');
  mkdirSync(data);
  const port = await freePort();
  const configuration = join(folder, 'server.properties');
  const values = { brokerPort: String(port), controllerPort: String(await freePort()), dataDirectory: data };
  writeFileSync(
    configuration,
    propertiesOf(values) + (user === undefined ? '' : listenersFor(user, { ...values, innerPort: String(await freePort()) })),
  );
  const command = (main: readonly string[]) =>
    jvm(cache, { heap: '384m', data: join(folder, 'process'), user: 'kafka', opens: 'none' }, ['-cp', `${cache.jars.kafka}/*`, ...main]);
  await run(command(['kafka.tools.StorageTool', 'format', '-t', 'MkU3OEVBNTcwNTJENDM2Qg', '-c', configuration, ...scramOf(user)]));
  const brokers = `127.0.0.1:${String(port)}`;
  const current: { child?: ChildProcess } = {};
  const kill = async (): Promise<void> => {
    const { child } = current;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  };
  const start = async (): Promise<void> => {
    const { argv, env, cwd } = command(['kafka.Kafka', configuration]);
    const [program = '', ...args] = argv;
    const log = openSync(join(folder, 'broker.log'), 'a');
    const options = { stdio: ['ignore', log, log] as StdioOptions, env: { ...process.env, ...env }, ...(cwd === undefined ? {} : { cwd }) };
    current.child = spawn(program, args, options);
    closeSync(log);
    await kafkaAnswers(brokers, user);
  };
  await start();
  return {
    brokers,
    kill,
    start,
    close: async () => {
      await kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function propertiesOf(values: Readonly<Record<string, string>>): string {
  const template = readFileSync(join(LAB_SOURCES, 'conf', 'kafka', 'server.properties'), 'utf8');
  return template.replaceAll(/@(\w+)@/g, (_all, name: string) => values[name] ?? '');
}

/** They come after those of the lab, and the last of a name counts. The broker itself comes by a listener of its own, which asks nothing. */
function listenersFor(
  { username, password }: KafkaUser,
  ports: Readonly<Record<'brokerPort' | 'innerPort' | 'controllerPort', string>>,
): string {
  const clients = `CLIENTS://127.0.0.1:${ports.brokerPort},INNER://127.0.0.1:${ports.innerPort}`;
  const plain = `org.apache.kafka.common.security.plain.PlainLoginModule required user_${username}="${password}";`;
  return `
listeners=${clients},CONTROLLER://127.0.0.1:${ports.controllerPort}
advertised.listeners=${clients}
inter.broker.listener.name=INNER
listener.security.protocol.map=CLIENTS:SASL_PLAINTEXT,INNER:PLAINTEXT,CONTROLLER:PLAINTEXT
listener.name.clients.sasl.enabled.mechanisms=PLAIN,SCRAM-SHA-512
listener.name.clients.plain.sasl.jaas.config=${plain}
listener.name.clients.scram-sha-512.sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required;
`;
}

function scramOf(user: KafkaUser | undefined): readonly string[] {
  return user === undefined ? [] : ['--add-scram', `SCRAM-SHA-512=[name=${user.username},password=${user.password}]`];
}

/** Resolves when the broker takes commands. */
export async function kafkaAnswers(brokers: string, user?: KafkaUser): Promise<void> {
  // After a kill the broker is let in again only when its old session is over.
  const deadline = Date.now() + 120_000;
  for (;;) {
    const sasl = user === undefined ? {} : { sasl: { mechanism: 'plain' as const, ...user } };
    const admin = new Kafka({ brokers: [brokers], logLevel: logLevel.NOTHING, retry: { retries: 0 }, ...sasl }).admin();
    try {
      await admin.connect();
      await admin.listTopics();
      return;
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await sleep(200);
    } finally {
      await admin.disconnect();
    }
  }
}
