import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { planDatabase } from '../plan/plan-database.ts';
import { planTable } from '../pipeline.ts';
import { ORC_FORMAT, SETTINGS, SOURCE, TARGET, aColumn, aPartition, aTable, anInput } from '../testing/builders.ts';
import { artefactsOf } from './artefacts.ts';

const HOSTILE = 'hdfs://left:8020/data/it\'s [a] $HOME `id` "q"';
const tables = [
  planTable(
    anInput({
      table: aTable({ name: 'b', partitionKeys: [aColumn('dt string')], storage: { location: HOSTILE } }),
      partitions: [
        aPartition(['1'], `${HOSTILE}/dt=1`),
        aPartition(['__HIVE_DEFAULT_PARTITION__'], `${HOSTILE}/dt=__HIVE_DEFAULT_PARTITION__`),
        aPartition(['2'], 'hdfs://left:8020/else', ORC_FORMAT),
      ],
    }),
  ),
  planTable(anInput({ table: aTable({ name: 'a', tableType: 'MANAGED_TABLE', parameters: { transactional: 'true' } }) })),
];
const database = planDatabase({
  source: { name: 'shop', parameters: {} },
  clusters: { source: SOURCE, target: TARGET },
  settings: SETTINGS,
});
const files = artefactsOf({ database, tables, settings: { distcp: { mappers: 4 } }, targetBlockSizeBytes: 1_048_576 });
const content = (path: string): string => files.find((file) => file.path === path)?.content ?? '';

describe('artefacts', () => {
  it('have the names of the seed', () => {
    expect(files.map(({ path }) => path)).toEqual([
      'shop_LEFT_execute.sql',
      'shop_RIGHT_execute.sql',
      'shop_distcp_plans.yaml',
      'shop_distcp_script.sh',
      'shop_distcp_source.txt',
      'shop_distcp_workbook.md',
      'shop_hms-mirror.md',
      'shop_runbook.md',
    ]);
  });

  it('list all sources, globs escaped', () => {
    expect(content('shop_distcp_source.txt')).toBe(`${HOSTILE.replace('[a]', String.raw`\[a\]`)}\nhdfs://left:8020/else\n`);
  });

  it('have a script that a POSIX shell reads', () => {
    expect(execFileSync('sh', ['-n'], { input: content('shop_distcp_script.sh') }).toString()).toBe('');
  });

  it('have a script that explains itself and refuses unknown options', () => {
    const script = content('shop_distcp_script.sh');
    expect(execFileSync('sh', ['-s', '--', '--help'], { input: script }).toString()).toContain('--dry-run');
    expect(() => execFileSync('sh', ['-s', '--', '--force'], { input: script, stdio: 'pipe' })).toThrow();
  });

  it('show partitions in HiveQL where it can say them, else as a comment', () => {
    const sql = content('shop_RIGHT_execute.sql');
    expect(sql).toContain("ADD IF NOT EXISTS\n  PARTITION (`dt`='1') LOCATION");
    expect(sql).toContain('-- partition dt=__HIVE_DEFAULT_PARTITION__ at');
    expect(sql).toContain("PARTITION (`dt`='2') SET FILEFORMAT INPUTFORMAT 'org.apache.hadoop.hive.ql.io.orc.OrcInputFormat'");
    expect(sql).toContain('-- shop.a: refused, TRANSACTIONAL_TABLE_FILES');
  });

  it('say on the source side that nothing is run there', () => {
    expect(content('shop_LEFT_execute.sql')).toContain('-- nothing is run on this side');
  });

  it.each([
    ['PULL', 'at the target cluster (PULL)'],
    ['PUSH', 'at the source cluster (PUSH)'],
  ] as const)('say for %s where to run them', (flow, words) => {
    const printed = artefactsOf({ database, tables, settings: { distcp: { flow } } });
    for (const ending of ['script.sh', 'workbook.md'])
      expect(printed.find(({ path }) => path.endsWith(ending))?.content).toContain(`To be run ${words}`);
  });

  it('put copies into jobs and waves within the bounds of the request, and split a huge table by its partitions', () => {
    const GIB = 1024 ** 3;
    const sized = (values: readonly string[], path: string, bytes: number) => ({
      ...aPartition(values, path),
      parameters: { totalSize: String(bytes), numFiles: '8' },
    });
    const dts = ['1', '2', '3', '4', '5', '6'];
    const huge = planTable(
      anInput({
        table: aTable({ name: 'huge', partitionKeys: [aColumn('dt string')], storage: { location: 'hdfs://left:8020/huge' } }),
        partitions: dts.map((dt) => sized([dt], `hdfs://left:8020/huge/dt=${dt}`, 8 * GIB)),
      }),
    );
    const distcp = { slots: 2, maxMappers: 6, maxMbPerSecond: 100, bandwidthMbPerMapper: 20, queue: 'root.night' };
    const printed = artefactsOf({ database, tables: [huge], settings: { distcp }, targetBlockSizeBytes: 1_048_576 });
    const script = printed.find(({ path }) => path.endsWith('script.sh'))?.content ?? '';
    const calls = [...script.matchAll(/^ {2}distcp(?:_list)? .*$/gm)].map(([line]) => line);
    expect(script).toContain('JOBS=3\n');
    expect(calls[0]).toMatch(/-Ddfs.blocksize=1048576 .*queuename=root.night .*-update -m 3 -bandwidth 16 .*huge hdfs:\S+huge$/);
    expect(calls[1]).toMatch(/-m 3 -bandwidth 16 .*-f "\$LIST" hdfs:\S+huge$/);
    expect(script).toMatch(/waves\(\) \{\n {2}wave '1 2' 3\n/);
    const workbook = printed.find(({ path }) => path.endsWith('workbook.md'))?.content ?? '';
    expect(workbook).toMatch(/1 large copy is split by directories; the largest, shop.huge, into 3 jobs[^]*## Jobs[^]*## `shop.huge`/);
  });

  it('list the plans as pairs, by database and target', () => {
    expect(content('shop_distcp_plans.yaml')).toContain(
      '  "hdfs://right:9020/else":\n    - source: "hdfs://left:8020/else"\n      target: "hdfs://right:9020/else"\n',
    );
  });
});
