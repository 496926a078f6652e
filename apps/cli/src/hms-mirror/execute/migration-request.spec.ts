import { describe, expect, it } from 'vitest';
import { MigrationRequest } from '@hiveferry/contracts';
import { adjust } from '../adjust.ts';
import { TWO_CLUSTERS, configurationOf } from '../testing.ts';
import { asksForNothing, migrationRequestOf } from './migration-request.ts';
import type { PlannedTable } from './planned-tables.ts';

const NAMESPACES = { sources: ['hdfs://left', 's3a://old'], target: 's3a://new' };

interface Further {
  readonly leftOut?: readonly string[];
  /** In place of the warehouse that other cases have. */
  readonly yaml?: string;
}

function requestOf(options: string, { leftOut = [], yaml }: Further = {}): MigrationRequest {
  const file = yaml === undefined ? TWO_CLUSTERS : `${TWO_CLUSTERS.slice(TWO_CLUSTERS.indexOf('clusters:'))}${yaml}`;
  const { configuration } = adjust(configurationOf(file, ...options.split(' ').filter((word) => word !== '')));
  const database = { name: 'sales', tables: new Map<string, PlannedTable>(), leftOut, dropped: [] };
  return MigrationRequest.parse(migrationRequestOf(database, { configuration, namespaces: NAMESPACES, proof: 'rows' }).body);
}

describe("hms-mirror's configuration as a request", () => {
  it('waits for files that others bring, unless DistCp is asked for', () => {
    expect(requestOf('').copy).toEqual({ by: 'external' });
    const byDistCp = requestOf('-dc PUSH');
    expect([byDistCp.copy, byDistCp.distcp.flow]).toEqual([{ by: 'distcp' }, 'PUSH']);
  });

  it('calls DistCp as it is told, at times of day of this machine', () => {
    const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
    expect(requestOf('').distcp).toEqual({ flow: 'PULL', slots: 4, maxMappers: 80 });
    const told = `slots: 2, maxMappers: 30, maxMbPerSecond: 50, queue: root.night, properties: {mapreduce.map.memory.mb: 4096}, preserve: pt`;
    expect(requestOf('-dc PUSH', { yaml: `transfer: {distcp: {${told}, window: {opens: "22:00", closes: "05:00"}}}` }).distcp).toEqual({
      flow: 'PUSH',
      slots: 2,
      maxMappers: 30,
      maxMbPerSecond: 50,
      queue: 'root.night',
      properties: { 'mapreduce.map.memory.mb': '4096' },
      preserve: 'pt',
      window: { opens: '22:00', closes: '05:00', timeZone },
    });
  });

  it('says nothing of copies where rows are inserted or files are shared', () => {
    expect(['-d SQL', '-d LINKED', '-d COMMON'].map((options) => requestOf(options)).map(({ copy, distcp }) => [copy.by, distcp])).toEqual(
      Array.from({ length: 3 }, () => ['distcp', { flow: 'PULL' }]),
    );
  });

  it('turns links to files that others bring, as hms-mirror takes for granted, or that DistCp copies', () => {
    expect(requestOf('-d CONVERT_LINKED')).toMatchObject({
      strategy: 'CONVERT_LINKED',
      copy: { by: 'external' },
      locations: requestOf('').locations,
    });
    expect(requestOf('-d CONVERT_LINKED -dc').copy).toEqual({ by: 'distcp' });
  });

  it('moves tables within LEFT, each directory where its script sends it', () => {
    const moves = [{ from: 'hdfs://left/orders', to: 's3a://new/orders' }];
    const { configuration } = adjust(configurationOf(TWO_CLUSTERS, '-d', 'STORAGE_MIGRATION', '-dc'));
    const database = { name: 'sales', tables: new Map([['orders', { moves, unattached: [] }]]), leftOut: ['recent'], dropped: [] };
    const { body } = migrationRequestOf(database, { configuration, namespaces: NAMESPACES, proof: 'rows' });
    expect(MigrationRequest.parse(body)).toMatchObject({
      source: 'left',
      targets: ['left'],
      selection: { databases: ['sales'], excludeTables: ['recent'] },
      strategy: 'STORAGE_MIGRATION',
      locations: { map: moves },
    });
  });

  it('asks for nothing where no table moves', () => {
    const { configuration } = adjust(configurationOf(TWO_CLUSTERS, '-d', 'STORAGE_MIGRATION', '-dc'));
    const database = (...tables: readonly PlannedTable[]) => ({
      name: 'sales',
      tables: new Map(tables.map((table, index) => [`t${String(index)}`, table])),
      leftOut: ['recent'],
      dropped: [],
    });
    const stays = { moves: [], unattached: [] };
    const moves = { moves: [{ from: 'hdfs://left/orders', to: 's3a://new/orders' }], unattached: [] };
    expect([database(), database(stays), database(stays, moves)].map((each) => asksForNothing(each, configuration))).toEqual([
      true,
      true,
      false,
    ]);
    expect(asksForNothing(database(), adjust(configurationOf(TWO_CLUSTERS)).configuration)).toBe(false);
  });

  it('keeps transactional tables what they are, unless they are to be downgraded', () => {
    const kinds = ['-d SQL -ma', '-d SQL -mao', '-d SQL -ma -da', '-d SQL', ''].map((options) => requestOf(options).transactionalTables);
    expect(kinds).toEqual(['migrate', 'migrate', 'downgrade', 'downgrade', 'downgrade']);
  });

  it('exports and imports with the limits of the configuration, of which negative ones are none', () => {
    expect(requestOf('-d HYBRID -ma -ep 7 -sp -1')).toMatchObject({
      strategy: 'HYBRID',
      transactionalTables: 'migrate',
      hybrid: { exportPartitionLimit: 7, sqlPartitionLimit: 0, sqlSizeLimitBytes: 1_073_741_824 },
      locations: requestOf('').locations,
    });
    expect(requestOf('-d EXPORT_IMPORT -ma -da')).toMatchObject({ strategy: 'EXPORT_IMPORT', transactionalTables: 'downgrade' });
  });

  it('keeps paths and changes file systems', () => {
    expect(requestOf('').locations.map).toEqual([
      { from: 'hdfs://left', to: 's3a://new' },
      { from: 's3a://old', to: 's3a://new' },
    ]);
  });

  it('sends mapped directories of every source where the map says', () => {
    expect(requestOf('-glm /data/a=/lake/a').locations.map).toContainEqual({ from: 's3a://old/data/a', to: 's3a://new/lake/a' });
  });

  it('synchronises, also in place where DistCp copies', () => {
    expect([requestOf('-sync').onExisting, requestOf('-sync').allowedHazards]).toEqual(['sync', []]);
    expect(requestOf('-sync -dc').allowedHazards).toEqual(['IN_PLACE_REFRESH']);
    expect(requestOf('').onExisting).toBe('refuse');
  });

  it('asks for discovery as RIGHT has it', () => {
    expect(requestOf('').partitionDiscovery).toEqual({ auto: true, msckSync: true });
  });

  it('leaves tables out by name, however many and however they are called', () => {
    const names = [...Array.from({ length: 5_000 }, (_, index) => `table_${String(index)}`), 'a.b'];
    const { excludeTables = [] } = requestOf('', { leftOut: names }).selection;
    const isLeftOut = (name: string): boolean => excludeTables.some((pattern) => new RegExp(`^(?:${pattern})$`, 'u').test(name));
    expect([...names.filter((name) => !isLeftOut(name)), isLeftOut('axb'), isLeftOut('table_')]).toEqual([false, false]);
    expect(excludeTables.length).toBeLessThan(1_000);
  });
});
