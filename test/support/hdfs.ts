/** What a person or a fault does to files behind the product's back: over WebHDFS, as HDFS superuser. */

import { upload } from './upload.ts';

export interface HdfsSide {
  readonly webHdfsUri: string;
}

export class Hdfs {
  readonly #base: string;

  constructor(side: HdfsSide) {
    this.#base = `${side.webHdfsUri}/webhdfs/v1`;
  }

  async write(path: string, content: string | Uint8Array, user = 'hive'): Promise<void> {
    await this.#send('PUT', path, { op: 'CREATE', overwrite: 'true', 'user.name': user }, content);
  }

  async read(path: string): Promise<Uint8Array> {
    const answer = await this.#send('GET', path, { op: 'OPEN' });
    return new Uint8Array(await answer.arrayBuffer());
  }

  async makeDirectory(path: string, user = 'hive'): Promise<void> {
    await this.#send('PUT', path, { op: 'MKDIRS', 'user.name': user });
  }

  /** Names in a directory, hidden ones too. */
  async names(path: string): Promise<readonly string[]> {
    const answer = await this.#send('GET', path, { op: 'LISTSTATUS' });
    const body = (await answer.json()) as { FileStatuses: { FileStatus: readonly { pathSuffix: string }[] } };
    return body.FileStatuses.FileStatus.map(({ pathSuffix }) => pathSuffix);
  }

  /** Paths of all files below a directory with their sizes and times, sorted: equal when nobody touched one. */
  async filesBelow(path: string): Promise<readonly string[]> {
    const answer = await this.#send('GET', path, { op: 'LISTSTATUS' });
    const body = (await answer.json()) as {
      FileStatuses: { FileStatus: readonly { pathSuffix: string; type: string; length: number; modificationTime: number }[] };
    };
    const found = await Promise.all(
      body.FileStatuses.FileStatus.map(async ({ pathSuffix, type, length, modificationTime }) => {
        const at = `${path}/${pathSuffix}`;
        return type === 'DIRECTORY' ? await this.filesBelow(at) : [`${at} ${String(length)} ${String(modificationTime)}`];
      }),
    );
    return found.flat().sort();
  }

  async remove(path: string): Promise<void> {
    await this.#send('DELETE', path, { op: 'DELETE', recursive: 'true' });
  }

  async rename(path: string, destination: string): Promise<void> {
    await this.#send('PUT', path, { op: 'RENAME', destination });
  }

  async setPermission(path: string, octal: string): Promise<void> {
    await this.#send('PUT', path, { op: 'SETPERMISSION', permission: octal });
  }

  async setOwner(path: string, owner: string): Promise<void> {
    await this.#send('PUT', path, { op: 'SETOWNER', owner });
  }

  /** Lets a directory have snapshots. */
  async allowSnapshots(path: string): Promise<void> {
    await this.#send('PUT', path, { op: 'ALLOWSNAPSHOT' });
  }

  async snapshot(path: string, name: string): Promise<void> {
    await this.#send('PUT', path, { op: 'CREATESNAPSHOT', snapshotname: name });
  }

  /** A directory with snapshots cannot be removed. */
  async forgetSnapshots(path: string): Promise<void> {
    for (const name of await this.names(`${path}/.snapshot`).catch(() => []))
      await this.#send('DELETE', path, { op: 'DELETESNAPSHOT', snapshotname: name });
    await this.#send('PUT', path, { op: 'DISALLOWSNAPSHOT' }).catch(() => undefined);
  }

  async replication(path: string): Promise<number> {
    return (await this.#status(path)).replication;
  }

  /** Changes one byte in the middle and puts size and time back: what only a checksum can see. */
  async flipByte(path: string): Promise<void> {
    const { modificationTime } = await this.#status(path);
    const content = await this.read(path);
    const middle = Math.floor(content.length / 2);
    content[middle] = (content[middle] ?? 0) ^ 1;
    await this.write(path, content);
    await this.#send('PUT', path, { op: 'SETTIMES', modificationtime: String(modificationTime), accesstime: '-1' });
  }

  async #status(path: string): Promise<{ readonly modificationTime: number; readonly replication: number }> {
    const answer = await this.#send('GET', path, { op: 'GETFILESTATUS' });
    const body = (await answer.json()) as { FileStatus: { modificationTime: number; replication: number } };
    return body.FileStatus;
  }

  async #send(method: string, path: string, query: Readonly<Record<string, string>>, body?: string | Uint8Array): Promise<Response> {
    const encoded = path.split('/').map(encodeURIComponent).join('/');
    const url = `${this.#base}${encoded}?${new URLSearchParams({ 'user.name': 'hdfs', ...query }).toString()}`;
    const first = await fetch(url, { method, redirect: 'manual' });
    const next = first.headers.get('location');
    if (next !== null) await first.arrayBuffer();
    const follow = async (url: string): Promise<Response> => (body === undefined ? await fetch(url, { method }) : await upload(url, body));
    const answer = next === null ? first : await follow(next);
    if (!answer.ok) throw new Error(`${method} ${path} ${query['op'] ?? ''}: ${answer.status} ${await answer.text()}`);
    return answer;
  }
}
