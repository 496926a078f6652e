import { spawnSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { dirname, parse } from 'node:path';
import { MigrationError } from '@hiveferry/core';

export interface Account {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

const NAME = 'postgres';

/** Postgres refuses to run as root: root's service runs it as user `postgres`, made when absent. @returns undefined when not root */
export function accountFor(): Account | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const known = find();
  if (known !== undefined) return known;
  spawnSync('useradd', ['--system', '--user-group', '--no-create-home', NAME]);
  const made = find();
  if (made !== undefined) return made;
  throw fault(
    "this process is root, and there is no user 'postgres' to run it as. Make one (useradd --system postgres), or start as another user",
  );
}

/** Every folder above these paths must be open to the account, or Postgres says only "Permission denied". */
export function refuseClosedFolders(paths: readonly string[], account: Account): void {
  for (const path of paths) {
    const closed = parentsOf(path).find((folder) => !isOpen(folder, account));
    if (closed !== undefined) {
      throw fault(
        `user ${account.name} cannot enter ${closed}. Open it (chmod o+x ${closed}), or keep the install and FERRY_DATA_DIR elsewhere`,
      );
    }
  }
}

function find(): Account | undefined {
  const line = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((each) => each.startsWith(`${NAME}:`));
  const [, , uid, gid] = line?.split(':') ?? [];
  return uid === undefined || gid === undefined ? undefined : { name: NAME, uid: Number(uid), gid: Number(gid) };
}

function parentsOf(path: string): readonly string[] {
  const parents: string[] = [];
  for (let folder = dirname(path); folder !== parse(folder).root; folder = dirname(folder)) parents.unshift(folder);
  return parents;
}

function isOpen(folder: string, account: Account): boolean {
  const { mode, uid, gid } = statSync(folder);
  if (uid === account.uid) return (mode & 0o100) !== 0;
  if (gid === account.gid) return (mode & 0o010) !== 0;
  return (mode & 0o001) !== 0;
}

const fault = (why: string): MigrationError =>
  new MigrationError(
    'EMBEDDED_POSTGRES_FAILED',
    `The embedded Postgres cannot start: ${why}; or set FERRY_DATABASE_URL to a Postgres of your own.`,
    {
      category: 'environment',
      retry: 'operator',
      subject: 'postgres',
    },
  );
