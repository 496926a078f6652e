/** `./ferry` as a user calls it on the machine of the lab: with a home of its own, and the lab's Hadoop client on the PATH. */
import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { stringify } from 'yaml';
import type { Lab } from '../../lab/src/index.ts';

const FERRY = join(import.meta.dirname, '../../ferry');

interface Ended {
  readonly code: number | null;
  /** Both streams, as they came. */
  readonly text: string;
}

export interface FerryUser {
  readonly home: string;
  /** Where runs keep their state. */
  readonly state: string;
  /** @param interruptAt words at which the command is told to end, as by Ctrl-C */
  readonly ferry: (words: readonly string[], interruptAt?: string) => Promise<Ended>;
  readonly remove: () => void;
}

export function ferryUser(lab: Lab): FerryUser {
  const home = mkdtempSync(join(tmpdir(), 'hiveferry-home-'));
  // As root the embedded Postgres runs as another user, who must be able to pass through.
  chmodSync(home, 0o755);
  const state = join(home, 'state');
  const path = `${dirname(lab.clusters.target.hadoop.command)}:${process.env['PATH'] ?? ''}`;
  const env = { ...process.env, HOME: home, FERRY_DATA_DIR: state, PATH: path };
  return {
    home,
    state,
    ferry: async (words, interruptAt) => await run(words, env, interruptAt),
    remove: () => rmSync(home, { recursive: true, force: true }),
  };
}

async function run(words: readonly string[], env: NodeJS.ProcessEnv, interruptAt?: string): Promise<Ended> {
  const child = spawn(FERRY, words, { env });
  let text = '';
  const add = (chunk: Buffer): void => {
    const isNew = interruptAt !== undefined && !text.includes(interruptAt);
    text += chunk.toString();
    if (isNew && text.includes(interruptAt)) child.kill('SIGINT');
  };
  child.stdout.on('data', add);
  child.stderr.on('data', add);
  return await new Promise((resolve) => child.once('close', (code) => resolve({ code, text })));
}

/** The lines of `ferry .. -e` that tell of tables, without their proof. */
export function statesIn(text: string): readonly string[] {
  return [...text.matchAll(/^\w+\.\w+ +[A-Z_]+/gm)].map(([line]) => line.replace(/ +/, ' '));
}

/** The user's configuration of hms-mirror: the lab's source is LEFT, its target RIGHT. */
export function writeMirrorConfiguration(home: string, { clusters: { source, target } }: Lab): void {
  const sideOf = ({ hdfs, hiveServer2 }: typeof source, rest: string) => ({
    legacyHive: false,
    hcfsNamespace: hdfs.namespace,
    hiveServer2: {
      uri: `jdbc:hive2://${hiveServer2.host}:${hiveServer2.port}/${rest}`,
      connectionProperties: { user: hiveServer2.user },
    },
  });
  mkdirSync(join(home, '.hms-mirror/cfg'), { recursive: true });
  const clusters = { LEFT: sideOf(source, ';auth=noSasl'), RIGHT: sideOf(target, '') };
  writeFileSync(join(home, '.hms-mirror/cfg/default.yaml'), stringify({ clusters }));
}
