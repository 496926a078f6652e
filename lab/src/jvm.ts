/** Command lines of the lab's JVMs. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Cache } from './cache.ts';
import type { Command } from './commands.ts';

const open = (name: string): string => `--add-opens=${name}=ALL-UNNAMED`;

export const HADOOP_OPENS = ['java.base/java.lang', 'java.base/java.util', 'java.base/java.nio'].map(open);

/** Generous: these let both Hives run on Java 17; a smaller list was not looked for. */
const HIVE_OPENS = [
  ...['lang', 'lang.reflect', 'lang.invoke', 'util', 'util.concurrent', 'util.concurrent.atomic', 'util.regex'],
  ...['net', 'nio', 'io', 'time', 'text', 'math'],
]
  .map((name) => `java.base/java.${name}`)
  .concat('java.base/sun.nio.ch', 'java.sql/java.sql')
  .map(open);

export interface JvmOptions {
  readonly heap: string;
  /** Folder of this process: its data and, below, its temporary files. */
  readonly data: string;
  readonly user: string;
  readonly opens: 'hadoop' | 'hive' | 'none';
  readonly properties?: readonly string[];
}

/** `tail` is what follows the flags: class path, main class, arguments. */
export function jvm(cache: Cache, options: JvmOptions, tail: readonly string[]): Command {
  const temporary = join(options.data, 'tmp');
  mkdirSync(temporary, { recursive: true });
  const opens = { hadoop: HADOOP_OPENS, hive: HIVE_OPENS, none: [] }[options.opens];
  const flags = [`-Xmx${options.heap}`, '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-XX:-UsePerfData', ...opens];
  const properties = [
    'file.encoding=UTF-8',
    'java.net.preferIPv4Stack=true',
    `lab.data=${options.data}`,
    `java.io.tmpdir=${temporary}`,
    // Not in the environment: from there HiveServer2 makes a new proxy user for each statement, and keeps a file system with its whole
    // configuration for it (250 kB, measured on 3.1.3) for ever.
    `HADOOP_USER_NAME=${options.user}`,
    ...(options.properties ?? []),
  ];
  return {
    argv: [cache.java, ...flags, ...properties.map((property) => `-D${property}`), ...tail],
    // Partition values and file names are not ASCII, and Java takes their encoding from the locale.
    env: { LC_ALL: 'C.UTF-8' },
    cwd: options.data,
  };
}
