import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { ClusterSpec } from './cluster.ts';
import { clusterConnectionOf } from './cluster-connection.ts';
import { MigrationRequest } from './migration.ts';
import { migrationSpecOf, specOnTarget } from './migration-spec.ts';
import { ExecuteRequest } from './run.ts';

/** Where it is wrong: paths, with unknown keys as their own path. */
const wrongOf = (schema: z.ZodType, value: unknown): readonly string[] =>
  (schema.safeParse(value).error?.issues ?? []).flatMap((issue) =>
    issue.code === 'unrecognized_keys' ? issue.keys.map((key) => [...issue.path, key].join('.')) : [issue.path.join('.')],
  );

const migration = (changes: object = {}) => ({ source: 'left', targets: ['right'], selection: { databases: ['sales'] }, ...changes });
const metastoreDatabase = { kind: 'postgres', host: 'db', name: 'hms', user: 'reader' };

const cluster = (changes: object = {}) => ({
  name: 'left',
  hive: { version: '3.1.3', managedWarehouse: '/warehouse/managed', externalWarehouse: 'hdfs://left:8020/warehouse/external' },
  metastore: { uri: 'thrift://left:9083' },
  hiveServer2: { host: 'left', port: 10000 },
  hdfs: { namespace: 'hdfs://Left:8020/', webHdfsUri: 'http://left:9870', user: 'hive' },
  hadoop: { command: '/usr/bin/hadoop' },
  ...changes,
});

describe('MigrationRequest', () => {
  it('is complete by its defaults: a dry run of SCHEMA_ONLY, proved to the rows', () => {
    expect(MigrationRequest.parse(migration())).toMatchObject({
      strategy: 'SCHEMA_ONLY',
      proof: 'rows',
      execute: false,
      databasePrefix: '',
      allowedHazards: [],
    });
  });

  it.each([
    [{ targt: 1 }, 'targt'],
    [{ selection: { databases: ['a'], tables: [] } }, 'selection.tables'],
    [{ selection: { databases: [] } }, 'selection.databases'],
    [{ selection: { databases: ['a b'] } }, 'selection.databases.0'],
    [{ selection: { databases: ['a'], includeTables: ['ok', '('] } }, 'selection.includeTables.1'],
    [{ source: 'Not A Name' }, 'source'],
    [{ targets: [] }, 'targets'],
    [{ strategy: 'MAGIC' }, 'strategy'],
    [{ proof: 'hope' }, 'proof'],
    [{ locations: { map: [{ from: '/no/scheme', to: 'hdfs://right/x' }] } }, 'locations.map.0.from'],
    [{ locations: { map: [{ from: 'hdfs://left/a/../b', to: 'hdfs://right/x' }] } }, 'locations.map.0.from'],
    [{ distcp: { mappers: 0 } }, 'distcp.mappers'],
    [{ distcp: { bandwidth: 1 } }, 'distcp.bandwidth'],
    [{ distcp: { queue: 'a b' } }, 'distcp.queue'],
    [{ distcp: { preserve: 'z' } }, 'distcp.preserve'],
    [{ distcp: { properties: { 'fs.s3a.secret.key': 'x' } } }, 'distcp.properties.fs.s3a.secret.key'],
    [{ allowedHazards: ['everything'] }, 'allowedHazards.0'],
    [{ reason: 'two\nlines' }, 'reason'],
    [{ execute: 'yes' }, 'execute'],
  ])('names the key of %j', (change, key) => {
    expect(wrongOf(MigrationRequest, migration(change))).toEqual([key]);
  });

  it('becomes a spec without what belongs to the run, each name once', () => {
    const spec = migrationSpecOf(
      MigrationRequest.parse(migration({ targets: ['right', 'right'], selection: { databases: ['Sales', 'sales'] }, execute: true })),
    );
    expect(spec).toMatchObject({ targets: ['right'], selection: { databases: ['sales'] }, distcp: {} });
    expect(spec).not.toHaveProperty('execute');
  });

  it('keeps of a sync and of discovery what is asked for, and nothing of what is not', () => {
    const asked = migrationSpecOf(MigrationRequest.parse(migration({ onExisting: 'sync', partitionDiscovery: { auto: true } })));
    expect([asked.onExisting, asked.partitionDiscovery]).toEqual(['sync', { auto: true }]);
    const usual = migrationSpecOf(MigrationRequest.parse(migration({ onExisting: 'refuse', partitionDiscovery: {} })));
    expect(['onExisting', 'partitionDiscovery', 'copy'].filter((key) => key in usual)).toEqual([]);
  });

  it('refuses by name to drop tables that vanished', () => {
    expect(wrongOf(MigrationRequest, migration({ dropVanished: true }))).toEqual(['dropVanished']);
  });
});

describe('a target with settings of its own', () => {
  const own = { cluster: 'dr', databasePrefix: 'dr_', distcp: { mappers: 4 }, copy: { by: 'distcp' }, proof: 'files', allowedHazards: [] };
  const spec = migrationSpecOf(
    MigrationRequest.parse(
      migration({
        targets: ['right', own],
        databasePrefix: 'x_',
        distcp: { flow: 'PUSH' },
        copy: { by: 'external' },
        allowedHazards: ['IN_PLACE_REFRESH'],
      }),
    ),
  );

  it('has each of them instead of that of the request, as a whole', () => {
    expect(spec.targets).toEqual(['right', 'dr']);
    expect(specOnTarget(spec, 'dr')).toMatchObject({ databasePrefix: 'dr_', distcp: { mappers: 4 }, proof: 'files', allowedHazards: [] });
    expect(specOnTarget(spec, 'dr')).not.toHaveProperty('copy');
    expect(specOnTarget(spec, 'dr').distcp).not.toHaveProperty('flow');
  });

  it('changes nothing for the others', () => {
    expect(specOnTarget(spec, 'right')).toMatchObject({
      databasePrefix: 'x_',
      distcp: { flow: 'PUSH' },
      copy: { by: 'external' },
      proof: 'rows',
    });
  });

  it('may have a sync of its own, or none', () => {
    const targets = [{ cluster: 'dr', onExisting: 'refuse', partitionDiscovery: { msckSync: true } }, 'right'];
    const own = migrationSpecOf(MigrationRequest.parse(migration({ targets, onExisting: 'sync', partitionDiscovery: { auto: true } })));
    expect(specOnTarget(own, 'dr')).toMatchObject({ partitionDiscovery: { msckSync: true } });
    expect(specOnTarget(own, 'dr')).not.toHaveProperty('onExisting');
    expect(specOnTarget(own, 'right')).toMatchObject({ onExisting: 'sync', partitionDiscovery: { auto: true } });
  });

  it('is named once', () => {
    expect(wrongOf(MigrationRequest, migration({ targets: ['dr', own] }))).toEqual(['targets']);
  });
});

describe('ClusterSpec', () => {
  it.each([
    [{ port: 1 }, 'port'],
    [{ metastore: { uri: 'http://left:9083' } }, 'metastore.uri'],
    [{ metastore: { uri: 'thrift://left:99999' } }, 'metastore.uri'],
    [{ metastore: {} }, 'metastore.uri'],
    [{ metastore: { reader: 'database' } }, 'metastore.database'],
    [{ metastore: { uri: 'thrift://left:9083', database: metastoreDatabase } }, 'metastore.reader'],
    [{ metastore: { reader: 'database', database: { ...metastoreDatabase, passwordRef: 'secret' } } }, 'metastore.database.passwordRef'],
    [{ hiveServer2: { host: 'left', port: 0 } }, 'hiveServer2.port'],
    [{ hiveServer2: { host: 'left', port: 1, password: 'x' } }, 'hiveServer2.password'],
    [{ hiveServer2: { host: 'left', port: 1, passwordRef: 'hunter2' } }, 'hiveServer2.passwordRef'],
    [{ hdfs: { namespace: 'hdfs://left/path', webHdfsUri: 'http://left:9870' } }, 'hdfs.namespace'],
    [{ hdfs: { namespace: 'hdfs://left', webHdfsUri: 'http://ann:secret@left:9870' } }, 'hdfs.webHdfsUri'],
    [{ hive: { version: '5.0', managedWarehouse: '/a', externalWarehouse: '/b' } }, 'hive.version'],
    [{ hadoop: { command: 'hadoop; rm -rf /' } }, 'hadoop.command'],
  ])('names the key of %j', (change, key) => {
    expect(wrongOf(ClusterSpec, cluster(change))).toEqual([key]);
  });

  it.each([
    [{ reader: 'hiveserver2' }, { kind: 'hiveserver2' }],
    [
      { reader: 'database', database: metastoreDatabase },
      { kind: 'database', product: 'postgres', host: 'db', port: 5432, name: 'hms', user: 'reader' },
    ],
    [
      { reader: 'database', database: { ...metastoreDatabase, kind: 'mysql', tls: { caRef: 'file:/ca.pem' } } },
      {
        kind: 'database',
        product: 'mysql',
        host: 'db',
        port: 3306,
        name: 'hms',
        user: 'reader',
        tls: { verify: true, caRef: 'file:/ca.pem' },
      },
    ],
  ])('is read by %j', (metastore, reader) => {
    const connection = clusterConnectionOf(ClusterSpec.parse(cluster({ metastore })));
    expect(connection.reader).toEqual(reader);
    expect(connection.metastore).toBeUndefined();
  });

  it('becomes a connection with locations in the cluster file system', () => {
    expect(clusterConnectionOf(ClusterSpec.parse(cluster()))).toMatchObject({
      facts: {
        name: 'left',
        hiveMajor: 3,
        namespace: 'hdfs://Left:8020',
        managedWarehouse: 'hdfs://Left:8020/warehouse/managed',
        externalWarehouse: 'hdfs://Left:8020/warehouse/external',
      },
      metastore: { host: 'left', port: 9083 },
      hiveServer2: { auth: 'plain', user: 'hive', maxSessions: 4 },
    });
  });
});

describe('ExecuteRequest', () => {
  it('takes one hash or one a target, not both and not none', () => {
    const planHash = '0123456789abcdef';
    expect(ExecuteRequest.safeParse({ planHash }).success).toBe(true);
    expect(ExecuteRequest.safeParse({ approvals: [{ target: 'right', planHash }] }).success).toBe(true);
    expect(ExecuteRequest.safeParse({}).success).toBe(false);
    expect(ExecuteRequest.safeParse({ planHash, approvals: [{ planHash }] }).success).toBe(false);
  });

  it('says where the hash comes from when it cannot be one', () => {
    expect(ExecuteRequest.safeParse({ planHash: '1234' }).error?.issues.map(({ message }) => message)).toEqual([
      'expected the plan hash as GET /v1/runs/{runId} shows it',
    ]);
  });
});
