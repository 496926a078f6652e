import { describe, expect, it } from 'vitest';
import type { Location } from '../model/location.ts';
import { parseLocation } from '../model/location.ts';
import type { CopyJob } from '../model/plan.ts';
import { distcpArguments, escapeGlob, listLines } from './arguments.ts';

const at = (text: string): Location => {
  const location = parseLocation(text);
  if (location === undefined) throw new Error(`not a location: ${text}`);
  return location;
};

const pair = (source: string, target: string): CopyJob => ({
  id: 'copy-1',
  kind: 'pair',
  source: at(source),
  target: at(target),
  excluded: [],
});
const STEP = { stepId: '7', attempt: 2 };

describe('the arguments of DistCp', () => {
  it('copies a pair between HDFSs with -update, one checksum for all block sizes, and the block size said', () => {
    const options = {
      ...STEP,
      blockSizeBytes: 2097152,
      mappers: 4,
      bandwidthMbPerMapper: 20,
      filtersFile: '/w/filters.txt',
      logDirectory: at('hdfs://r/tmp/log'),
      queue: 'etl',
    };
    expect(distcpArguments(pair('hdfs://l/s', 'hdfs://r/t'), options)).toEqual([
      '-Ddfs.checksum.combine.mode=COMPOSITE_CRC',
      '-Ddfs.blocksize=2097152',
      '-Dmapreduce.job.name=hiveferry-7',
      '-Dmapreduce.job.tags=hiveferry-7,hiveferry-7-2',
      '-Dmapreduce.job.queuename=etl',
      '-update',
      '-m',
      '4',
      '-bandwidth',
      '20',
      '-filters',
      '/w/filters.txt',
      '-log',
      'hdfs://r/tmp/log',
      'hdfs://l/s',
      'hdfs://r/t',
    ]);
  });

  it('keeps the block size of the source where none is given', () => {
    const argv = distcpArguments(pair('hdfs://l/s', 'hdfs://r/t'), STEP);
    expect(argv).toContain('-pb');
    expect(argv.join(' ')).not.toContain('dfs.blocksize');
  });

  it('gives properties and what is to be kept, the block size only where it is to be kept', () => {
    const link = { properties: { 'mapreduce.map.memory.mb': '8192', 'dfs.encrypt.data.transfer': 'true' }, preserve: 'pt' };
    const argv = distcpArguments(pair('hdfs://l/s', 'hdfs://r/t'), { ...STEP, blockSizeBytes: 1048576, ...link });
    expect(argv.filter((word) => /^-(D(?!mapreduce.job)|p)/.test(word))).toEqual([
      '-Ddfs.checksum.combine.mode=COMPOSITE_CRC',
      '-Ddfs.blocksize=1048576',
      '-Ddfs.encrypt.data.transfer=true',
      '-Dmapreduce.map.memory.mb=8192',
      '-ppt',
    ]);
    const kept = distcpArguments(pair('hdfs://l/s', 'hdfs://r/t'), { ...STEP, blockSizeBytes: 1048576, preserve: 'tb' });
    expect(kept).toContain('-pbt');
    expect(kept.join(' ')).not.toContain('dfs.blocksize');
    expect(distcpArguments(pair('hdfs://l/s', 's3a://b/t'), { ...STEP, preserve: 'pt' }).join(' ')).not.toContain('-p');
  });

  it('copies the difference of two snapshots with -update, without which DistCp refuses it', () => {
    const argv = distcpArguments(pair('hdfs://l/s', 'hdfs://r/t'), { ...STEP, snapshotDiff: { from: 's1', to: 's2' } });
    expect(argv.slice(argv.indexOf('-update'), -2)).toEqual(['-update', '-diff', 's1', 's2', '-pb']);
  });

  it('writes to an object store directly and asks for no checksum of HDFS', () => {
    const argv = distcpArguments(pair('hdfs://l/s', 's3a://b/t'), { ...STEP, blockSizeBytes: 1 });
    expect(argv.slice(2)).toEqual(['-update', '-direct', 'hdfs://l/s', 's3a://b/t']);
  });

  it('never says -update for a list', () => {
    const job: CopyJob = {
      id: 'copy-1',
      kind: 'list',
      sources: [at('hdfs://l/s/p=1'), at('hdfs://l/s/[z]')],
      target: at('hdfs://r/t'),
      excluded: [],
    };
    const argv = distcpArguments(job, { ...STEP, listFile: 'file:///w/list' });
    expect(argv.slice(-3)).toEqual(['-f', 'file:///w/list', 'hdfs://r/t']);
    expect(argv).not.toContain('-update');
    expect(listLines(job)).toEqual(['hdfs://l/s/p=1', String.raw`hdfs://l/s/\[z\]`]);
    expect(() => distcpArguments(job, STEP)).toThrow(expect.objectContaining({ code: 'DISTCP_LIST_FILE_MISSING' }));
  });

  it('escapes globs in sources and leaves targets as they are', () => {
    expect(distcpArguments(pair('hdfs://l/{x,y}', 'hdfs://r/{x,y}'), STEP).slice(-2)).toEqual([
      String.raw`hdfs://l/\{x,y\}`,
      'hdfs://r/{x,y}',
    ]);
    expect(escapeGlob('a*b?c[d]{e}\\f g%20#')).toBe(String.raw`a\*b\?c\[d\]\{e\}\\f g%20#`);
  });
});
