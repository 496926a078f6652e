import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { archiveOf } from '../../../api/src/artefacts/archive.ts';
import { planFilesOf } from './plan-archive.ts';

const FILES = [
  { path: 'sales_RIGHT_execute.sql', target: 'right', content: 'create ü;\n'.repeat(50_000) },
  { path: 'right/empty.txt', target: 'right', content: '' },
];

/** Counts how often the archive is asked for. */
function serviceOf(archive: () => Readable) {
  const asked: string[] = [];
  const bytes = async (path: string): Promise<Readable> => {
    asked.push(path);
    return await Promise.resolve(archive());
  };
  return { asked, bytes };
}

const whole = (): Readable =>
  archiveOf(Readable.from(FILES) as AsyncIterable<(typeof FILES)[number]>, { folder: 'hiveferry-r1', modifiedAt: new Date(0) });

async function collected<T>(source: AsyncIterable<T>): Promise<readonly T[]> {
  const items: T[] = [];
  for await (const item of source) items.push(item);
  return items;
}

describe('the files of a plan', () => {
  it('come with one question, without the folder that they are packed in', async () => {
    const service = serviceOf(whole);
    const found = await collected(planFilesOf(service, 'r1'));
    expect(found).toEqual(FILES.map(({ path, content }) => ({ path, content })));
    expect(service.asked).toEqual(['/v1/runs/r1/artefacts.tar.gz']);
  });

  it('may be left before the last', async () => {
    const archive = whole();
    for await (const { path } of planFilesOf(
      serviceOf(() => archive),
      'r1',
    )) {
      expect(path).toBe('sales_RIGHT_execute.sql');
      break;
    }
    await expect.poll(() => archive.destroyed).toBe(true);
  });

  it('end with a fault where the archive breaks off', async () => {
    const bytes = Buffer.concat(await collected(whole() as AsyncIterable<Buffer>));
    const service = serviceOf(() => Readable.from([bytes.subarray(0, bytes.length / 2)]));
    await expect(collected(planFilesOf(service, 'r1'))).rejects.toThrow();
  });
});
