import { describe, expect, it } from 'vitest';
import { MigrationRequest } from '@hiveferry/contracts';
import { adjust } from '../adjust.ts';
import { TWO_CLUSTERS, configurationOf } from '../testing.ts';
import { migrationRequestOf } from './migration-request.ts';

const NAMESPACES = { sources: ['hdfs://left', 's3a://old'], target: 's3a://new' };

function requestOf(options: string, leftOut: readonly string[] = []): MigrationRequest {
  const { configuration } = adjust(configurationOf(TWO_CLUSTERS, ...options.split(' ').filter((word) => word !== '')));
  const database = { name: 'sales', tables: new Map<string, string>(), leftOut, dropped: [] };
  return MigrationRequest.parse(migrationRequestOf(database, { configuration, namespaces: NAMESPACES, proof: 'rows' }).body);
}

describe("hms-mirror's configuration as a request", () => {
  it('waits for files that others bring, unless DistCp is asked for', () => {
    expect(requestOf('').copy).toEqual({ by: 'external' });
    const byDistCp = requestOf('-dc PUSH');
    expect([byDistCp.copy, byDistCp.distcp.flow]).toEqual([{ by: 'distcp' }, 'PUSH']);
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
    const { excludeTables = [] } = requestOf('', names).selection;
    const isLeftOut = (name: string): boolean => excludeTables.some((pattern) => new RegExp(`^(?:${pattern})$`, 'u').test(name));
    expect([...names.filter((name) => !isLeftOut(name)), isLeftOut('axb'), isLeftOut('table_')]).toEqual([false, false]);
    expect(excludeTables.length).toBeLessThan(1_000);
  });
});
