/** File trees written as `{ 'p=1/f': 'content', 'empty/': '' }`: made in a real HDFS, read back, compared. */
import type { Location, TreeEntry } from '@hiveferry/core';
import { below, pathOf, relativeTo } from '@hiveferry/core';
import type { FileStore } from '@hiveferry/ports';
import type { Hdfs } from '../../support/hdfs.ts';

/** Paths below a root; a trailing slash means a directory without a file. */
export type Tree = Readonly<Record<string, string>>;

export async function makeTree(hdfs: Hdfs, root: Location, tree: Tree): Promise<void> {
  for (const [path, content] of Object.entries(tree)) {
    const location = pathOf(
      below(
        root,
        path.split('/').filter((segment) => segment !== ''),
      ),
    );
    if (path.endsWith('/') || path === '') await hdfs.makeDirectory(location);
    else await hdfs.write(location, content);
  }
}

/** What lies at and below a root, with the files' text as content; nothing when the root is absent. */
export async function readTree(side: { readonly hdfs: Hdfs; readonly files: FileStore }, root: Location): Promise<readonly TreeEntry[]> {
  const top = await side.files.status(root);
  if (top === undefined) return [];
  const found = [top];
  for await (const status of side.files.walk(root)) found.push(status);
  return await Promise.all(
    found.map(async ({ location, kind, sizeBytes }): Promise<TreeEntry> => {
      if (kind === 'directory') return { location, kind, sizeBytes: 0 };
      return { location, kind, sizeBytes, content: new TextDecoder().decode(await side.hdfs.read(pathOf(location))) };
    }),
  );
}

/** One line an entry, sorted: `p=1/` or `p=1/f: content`; `.` is the root. */
export function describeTree(root: Location, entries: readonly TreeEntry[]): readonly string[] {
  return entries
    .map(({ location, kind, content }) => {
      const path = (relativeTo(location, root) ?? []).join('/') || '.';
      return kind === 'directory' ? `${path}/` : `${path}: ${content ?? ''}`;
    })
    .sort();
}
