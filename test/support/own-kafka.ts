/** A broker of the suite's own, from the lab's jars, that may be killed and started again on the same data and port. */
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

export async function startOwnKafka(): Promise<OwnKafka> {
  const cache = await prepareCache(() => undefined);
  const folder = mkdtempSync(join(tmpdir(), 'hiveferry-kafka-'));
  const data = join(folder, 'data');
  mkdirSync(data);
  const port = await freePort();
  const configuration = join(folder, 'server.properties');
  writeFileSync(configuration, propertiesOf({ brokerPort: String(port), controllerPort: String(await freePort()), dataDirectory: data }));
  const command = (main: readonly string[]) =>
    jvm(cache, { heap: '384m', data: join(folder, 'process'), user: 'kafka', opens: 'none' }, ['-cp', `${cache.jars.kafka}/*`, ...main]);
  await run(command(['kafka.tools.StorageTool', 'format', '-t', 'MkU3OEVBNTcwNTJENDM2Qg', '-c', configuration]));
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
    await answers(brokers);
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

async function answers(brokers: string): Promise<void> {
  // After a kill the broker is let in again only when its old session is over.
  const deadline = Date.now() + 120_000;
  for (;;) {
    const admin = new Kafka({ brokers: [brokers], logLevel: logLevel.NOTHING, retry: { retries: 0 } }).admin();
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
