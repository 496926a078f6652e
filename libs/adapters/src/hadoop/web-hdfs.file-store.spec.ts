import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { MigrationError, parseLocation, parseNamespace } from '@hiveferry/core';
import type { Location } from '@hiveferry/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createWebHdfsFileStore } from './web-hdfs.file-store.ts';

const at = (path: string): Location => parseLocation(`hdfs://right:8020${path}`) ?? fail(path);
const ATTEMPT = at('/sales.db/.hiveferry-1');
const DESTINATION = at('/sales.db/orders');

/** Renames as HttpFS does: by the old call of HDFS, whatever the options say. */
describe('a rename by HttpFS', () => {
  let paths: Set<string>;
  let server: Server;
  let uri: string;

  beforeEach(async () => {
    paths = new Set();
    server = createServer(({ method, url = '' }, response) => {
      const { pathname, searchParams } = new URL(url, 'http://localhost');
      const path = decodeURIComponent(pathname.replace('/webhdfs/v1', ''));
      const found = method === 'PUT' ? { boolean: rename(path, searchParams.get('destination') ?? '') } : statusOf(path);
      response.writeHead(found === undefined ? 404 : 200).end(JSON.stringify(found ?? GONE));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    uri = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
  });
  afterEach(() => new Promise((resolve) => server.close(resolve)));

  it('gives a directory a name that is free', async () => {
    paths.add('/sales.db/.hiveferry-1');
    await renameTo(DESTINATION);
    expect([...paths]).toEqual(['/sales.db/orders']);
  });

  it('leaves it where it was when the name is that of an empty directory', async () => {
    paths.add('/sales.db/.hiveferry-1').add('/sales.db/orders');
    await expect(renameTo(DESTINATION)).rejects.toMatchObject({ code: 'FILE_EXISTS' });
    expect([...paths].sort()).toEqual(['/sales.db/.hiveferry-1', '/sales.db/orders']);
  });

  it('says that there is nothing to rename', async () => {
    await expect(renameTo(DESTINATION)).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' });
  });

  async function renameTo(destination: Location): Promise<void> {
    const namespace = parseNamespace('hdfs://right:8020') ?? fail('namespace');
    await createWebHdfsFileStore({ namespace, webHdfsUri: uri, user: 'hive' }).rename(ATTEMPT, destination);
  }

  function rename(from: string, to: string): boolean {
    if (!paths.delete(from)) return false;
    paths.add(paths.has(to) ? `${to}/${from.split('/').at(-1) ?? ''}` : to);
    return true;
  }

  function statusOf(path: string): object | undefined {
    return paths.has(path) ? { FileStatus: { type: 'DIRECTORY', length: 0, modificationTime: 0, pathSuffix: '' } } : undefined;
  }
});

const GONE = { RemoteException: { exception: 'FileNotFoundException', message: 'no such path' } };

function fail(text: string): never {
  throw new MigrationError('TEST_WRONG', text, { category: 'defect', retry: 'never', subject: text });
}
