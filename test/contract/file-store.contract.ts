import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Location } from '@hiveferry/core';
import { below, relativeTo } from '@hiveferry/core';
import type { FileStatus, FileStore } from '@hiveferry/ports';

export interface FileStoreUnderTest {
  readonly store: FileStore;
  /** A directory of the suite's own; need not exist. */
  readonly root: Location;
  readonly putFile: (location: Location, content: string) => Promise<void>;
  /** Object stores sort by key, where the name of a directory ends with a slash. @default by name, as HDFS */
  readonly order?: 'by-key';
}

const ODD_NAMES = [
  'a b',
  'c%20d',
  'e=f',
  'hash#h',
  'plus+p',
  "quo'te",
  'semi;colon',
  'q?m',
  '[z]',
  '{x,y}',
  'st*r',
  'back\\s',
  'amp&ersand',
  'dt=2024-01-01 00%3A00',
  'ué日',
  '𝒳 beyond',
  '\uffee',
];

/** What every `FileStore` does. */
export function fileStoreContract(name: string, open: () => Promise<FileStoreUnderTest>): void {
  describe(`FileStore: ${name}`, () => {
    let under: FileStoreUnderTest;
    const at = (...segments: readonly string[]): Location => below(under.root, segments);

    beforeEach(async () => {
      under = await open();
      await under.store.remove(under.root);
    });
    afterEach(async () => await under.store.remove(under.root));

    it('tells nothing of what is not there', async () => {
      expect(await under.store.status(at('nothing'))).toBeUndefined();
    });

    it('tells kind and size', async () => {
      await under.putFile(at('d', 'f'), 'four');
      expect(await under.store.status(at('d', 'f'))).toMatchObject({ location: at('d', 'f'), kind: 'file', sizeBytes: 4 });
      expect(await under.store.status(at('d'))).toMatchObject({ location: at('d'), kind: 'directory', sizeBytes: 0 });
    });

    it('makes directories with their parents, twice without harm', async () => {
      await under.store.makeDirectory(at('a', 'b'));
      await under.store.makeDirectory(at('a', 'b'));
      expect(await paths()).toEqual(['a', 'a/b']);
    });

    it('removes with all below, twice without harm', async () => {
      await under.putFile(at('a', 'b', 'f'), 'x');
      await under.putFile(at('ab'), 'x');
      await under.store.remove(at('a'));
      await under.store.remove(at('a'));
      expect(await paths()).toEqual(['ab']);
    });

    it('renames a directory with all below, to a free name or that of an empty directory, or says that it cannot', async () => {
      await under.putFile(at('from', 'b', 'f'), 'x');
      await under.store.makeDirectory(at('to'));
      if (under.order === 'by-key') {
        await expect(under.store.rename(at('from'), at('to'))).rejects.toMatchObject({ code: 'FILE_RENAME_UNSUPPORTED' });
        return;
      }
      await under.store.rename(at('from'), at('to'));
      await under.store.rename(at('to'), at('free'));
      expect(await paths()).toEqual(['free', 'free/b', 'free/b/f']);
      await expect(under.store.rename(at('to'), at('from'))).rejects.toMatchObject({ code: 'FILE_NOT_FOUND', subject: at('to') });
    });

    it('renames nothing to a name that is taken', async () => {
      if (under.order === 'by-key') return;
      await under.putFile(at('from', 'f'), 'x');
      await under.putFile(at('taken', 'g'), 'x');
      await expect(under.store.rename(at('from'), at('taken'))).rejects.toMatchObject({ code: 'FILE_EXISTS', subject: at('from') });
      expect(await paths()).toEqual(['from', 'from/f', 'taken', 'taken/g']);
    });

    it('walks depth first, sorted within each directory, empty directories too', async () => {
      for (const path of ['p=2/f', 'p=10/g', 'p=10/f', 'p=1/f', 'p=1-x/f', 'p=1/in/g', '_SUCCESS', 'z'])
        await under.putFile(at(...path.split('/')), 'x');
      await under.store.makeDirectory(at('empty'));
      const first = ['p=1', 'p=1/f', 'p=1/in', 'p=1/in/g'];
      const second = ['p=1-x', 'p=1-x/f'];
      expect(await paths()).toEqual([
        '_SUCCESS',
        'empty',
        ...(under.order === 'by-key' ? [...second, ...first] : [...first, ...second]),
        'p=10',
        'p=10/f',
        'p=10/g',
        'p=2',
        'p=2/f',
        'z',
      ]);
    });

    it('takes names as they are', async () => {
      for (const odd of ODD_NAMES) await under.putFile(at(odd, odd), odd);
      // HDFS compares signed bytes: letters beyond ASCII come first.
      const [ascii, beyond] = [ODD_NAMES.filter((odd) => /^[ -~]/.test(odd)), ODD_NAMES.filter((odd) => !/^[ -~]/.test(odd))];
      const byName = [...beyond.sort(byBytes), ...ascii.sort(byBytes)];
      const sorted = under.order === 'by-key' ? ODD_NAMES.toSorted((a, b) => byBytes(`${a}/`, `${b}/`)) : byName;
      expect(await paths()).toEqual(sorted.flatMap((odd) => [odd, `${odd}/${odd}`]));
      for (const odd of ODD_NAMES) expect((await under.store.status(at(odd, odd)))?.sizeBytes).toBe(Buffer.byteLength(odd));
    });

    it('finds nothing below an empty directory, and nothing below a file', async () => {
      await under.putFile(at('f'), 'x');
      await under.store.makeDirectory(at('empty'));
      expect(await collect(under.store.walk(at('f')))).toEqual([]);
      expect(await collect(under.store.walk(at('empty')))).toEqual([]);
    });

    it('cannot walk what is not there', async () => {
      await expect(collect(under.store.walk(at('nothing')))).rejects.toMatchObject({ code: 'FILE_NOT_FOUND', subject: at('nothing') });
    });

    it('ends a walk when asked', async () => {
      await under.putFile(at('d', 'f'), 'x');
      await expect(collect(under.store.walk(under.root, AbortSignal.abort()))).rejects.toThrow();
    });

    async function paths(): Promise<readonly string[]> {
      return (await collect(under.store.walk(under.root))).map(({ location }) => (relativeTo(location, under.root) ?? []).join('/'));
    }
  });
}

function byBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

async function collect(walk: AsyncIterable<FileStatus>): Promise<readonly FileStatus[]> {
  const found: FileStatus[] = [];
  for await (const status of walk) found.push(status);
  return found;
}
