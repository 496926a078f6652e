/** What executing makes of a key of the configuration. */
export type KeyUse =
  | {
      readonly kind: 'effect';
      /** What it changes: the request that is executed, what is planned and left out, or how the clusters are reached. */
      readonly part: 'request' | 'plan' | 'clusters';
      readonly value: unknown;
      readonly options?: string;
    }
  | { readonly kind: 'refused'; readonly value: unknown; readonly options?: string }
  /** As in a run that executes nothing. */
  | { readonly kind: 'told'; readonly where: string }
  | { readonly kind: 'none'; readonly why: string };

const optional = (options: string | undefined): { readonly options?: string } => (options === undefined ? {} : { options });

const effect =
  (part: Extract<KeyUse, { kind: 'effect' }>['part']) =>
  (value: unknown, options?: string): KeyUse => ({ kind: 'effect', part, value, ...optional(options) });

const request = effect('request');
const plan = effect('plan');
const clusters = effect('clusters');
const refused = (value: unknown, options?: string): KeyUse => ({ kind: 'refused', value, ...optional(options) });
const told = (where: string): KeyUse => ({ kind: 'told', where });
const none = (why: string): KeyUse => ({ kind: 'none', why });

const ASKED = "hms-mirror's web page asks for it; nothing is asked here";
const FOUND_OUT = 'it is found out at each run, not read';
const OF_ICEBERG = 'it shapes tables of Iceberg, which icebergConversion.enable asks for, and that is refused';
const OF_STORAGE_MIGRATION = 'it is of STORAGE_MIGRATION, which is not executed';
const DRIVER = 'no driver of Java is loaded';
const POOL = "it is the size of hms-mirror's own pool of connections";

/** Every key that holds a value, with a value that shows what becomes of it. */
export const EXECUTE_KEYS: Readonly<Record<string, KeyUse>> = {
  'acceptance.silentOverride': none(ASKED),
  'acceptance.backedUpHDFS': none(ASKED),
  'acceptance.backedUpMetastore': none(ASKED),
  'acceptance.trashConfigured': none(ASKED),
  'acceptance.potentialDataLoss': none(ASKED),
  beta: none("it shows unfinished features on hms-mirror's web page"),
  'clusters.LEFT.environment': none('the key above says which side it is'),
  'clusters.LEFT.platformType': plan('CDP7_1'),
  'clusters.LEFT.legacyHive': plan(false),
  'clusters.LEFT.hdpHive3': plan(true),
  'clusters.LEFT.createIfNotExists': none('nothing is created on LEFT'),
  'clusters.LEFT.hcfsNamespace': plan('hdfs://other'),
  'clusters.LEFT.hiveServer2.uri': clusters('jdbc:hive2://other:10000'),
  'clusters.LEFT.hiveServer2.disconnected': refused(true),
  'clusters.LEFT.hiveServer2.driverClassName': none(DRIVER),
  'clusters.LEFT.hiveServer2.jarFile': none(DRIVER),
  'clusters.LEFT.hiveServer2.version': none(DRIVER),
  'clusters.LEFT.hiveServer2.connectionProperties': clusters({ user: 'etl' }),
  'clusters.LEFT.metastore_direct.uri': clusters('jdbc:postgresql://other/meta'),
  'clusters.LEFT.metastore_direct.type': clusters('MYSQL'),
  'clusters.LEFT.metastore_direct.initSql': none("it is for hms-mirror's own queries; ours say all they need"),
  'clusters.LEFT.metastore_direct.resource': none(DRIVER),
  'clusters.LEFT.metastore_direct.version': none(DRIVER),
  'clusters.LEFT.metastore_direct.connectionProperties': clusters({ user: 'other' }),
  'clusters.LEFT.metastore_direct.connectionPool.min': none(POOL),
  'clusters.LEFT.metastore_direct.connectionPool.max': none(POOL),
  'clusters.LEFT.metastore_direct.connectionPool.timeout': none(POOL),
  'clusters.LEFT.partitionDiscovery.auto': none('no table is made on LEFT'),
  'clusters.LEFT.partitionDiscovery.initMSCK': none('no table is made on LEFT'),
  'clusters.LEFT.enableAutoTableStats': refused(true, '-d SQL'),
  'clusters.LEFT.enableAutoColumnStats': refused(true, '-d SQL'),
  'clusters.RIGHT.environment': none('the key above says which side it is'),
  'clusters.RIGHT.platformType': plan('CDP7_3'),
  'clusters.RIGHT.legacyHive': plan(false),
  'clusters.RIGHT.hdpHive3': plan(true),
  'clusters.RIGHT.createIfNotExists': refused(true),
  'clusters.RIGHT.hcfsNamespace': plan('hdfs://other'),
  'clusters.RIGHT.hiveServer2.uri': clusters('jdbc:hive2://other:10000'),
  'clusters.RIGHT.hiveServer2.disconnected': refused(true),
  'clusters.RIGHT.hiveServer2.driverClassName': none(DRIVER),
  'clusters.RIGHT.hiveServer2.jarFile': none(DRIVER),
  'clusters.RIGHT.hiveServer2.version': none(DRIVER),
  'clusters.RIGHT.hiveServer2.connectionProperties': clusters({ user: 'etl' }),
  'clusters.RIGHT.metastore_direct.uri': clusters('jdbc:postgresql://other/meta'),
  'clusters.RIGHT.metastore_direct.type': clusters('MYSQL'),
  'clusters.RIGHT.metastore_direct.initSql': none("it is for hms-mirror's own queries; ours say all they need"),
  'clusters.RIGHT.metastore_direct.resource': none(DRIVER),
  'clusters.RIGHT.metastore_direct.version': none(DRIVER),
  'clusters.RIGHT.metastore_direct.connectionProperties': clusters({ user: 'other' }),
  'clusters.RIGHT.metastore_direct.connectionPool.min': none(POOL),
  'clusters.RIGHT.metastore_direct.connectionPool.max': none(POOL),
  'clusters.RIGHT.metastore_direct.connectionPool.timeout': none(POOL),
  'clusters.RIGHT.partitionDiscovery.auto': request(false),
  'clusters.RIGHT.partitionDiscovery.initMSCK': request(false),
  'clusters.RIGHT.enableAutoTableStats': refused(true, '-d SQL'),
  'clusters.RIGHT.enableAutoColumnStats': refused(true, '-d SQL'),
  comment: told('run-status.yaml'),
  commandLineOptions: none('it is a record of what was given'),
  connectionPoolLib: none("it is a library of hms-mirror's own"),
  consolidateDBCreateStatements: none('it is about the text of the scripts: a database is always made by one statement'),
  copyAvroSchemaUrls: none('scripts copy no schema files either; one in the directory of its table comes with the copy'),
  dataStrategy: request('LINKED'),
  databaseOnly: refused(true),
  databases: plan(['sales']),
  dbPrefix: request('dr_'),
  dbRename: refused('other'),
  dumpSource: none('it is of DUMP, which is not executed'),
  dumpTestData: told('data-set.yaml'),
  loadTestDataFile: refused('data.yaml'),
  encryptedPasswords: clusters(true),
  execute: told('it is what is asked for'),
  'filter.dbRegEx': plan('^sales$'),
  'filter.dbPropertySkipList': refused(['owner']),
  'filter.tblRegEx': plan('a.*'),
  'filter.tblExcludeRegEx': plan('a.*'),
  'filter.tblSizeLimit': plan(5),
  'filter.tblPartitionLimit': plan(5),
  flip: plan(true),
  'hybrid.exportImportPartitionLimit': request(5, '-d HYBRID'),
  'hybrid.sqlPartitionLimit': plan(5, '-d SQL'),
  'hybrid.sqlSizeLimit': request(5, '-d HYBRID'),
  'icebergConversion.enable': refused(true, '-d SQL'),
  'icebergConversion.fileTypeTranslation': none(OF_ICEBERG),
  'icebergConversion.version': none(OF_ICEBERG),
  'icebergConversion.tableProperties': none(OF_ICEBERG),
  'icebergConversion.inplace': none(OF_ICEBERG),
  'legacyTranslations.rowSerde': refused({ old: 'new' }),
  'migrateACID.on': request(true, '-d SQL'),
  'migrateACID.only': plan(true, '-d SQL -da'),
  'migrateACID.artificialBucketThreshold': refused(10, '-d SQL -ma'),
  'migrateACID.partitionLimit': plan(5, '-d SQL -ma'),
  'migrateACID.downgrade': request(true, '-d SQL -ma'),
  'migrateACID.inplace': refused(true, '-d SQL'),
  'migrateVIEW.on': plan(true),
  migrateNonNative: refused(true),
  'optimization.sortDynamicPartitionInserts': refused(true, '-d SQL'),
  'optimization.skip': refused(true, '-d SQL'),
  'optimization.autoTune': refused(true, '-d SQL'),
  'optimization.compressTextOutput': refused(true, '-d SQL'),
  'optimization.skipStatsCollection': none('inserts of the service are never tuned by statistics'),
  'optimization.overrides.properties': refused({ name: { BOTH: 'value' } }, '-d SQL'),
  'optimization.buildShadowStatistics': none('it is without effect in hms-mirror'),
  'ownershipTransfer.database': refused(true),
  'ownershipTransfer.table': refused(true),
  quiet: told('what is shown while it is done'),
  readOnly: none('no table of the service owns its files: external.table.purge is never set'),
  noPurge: none('no table of the service owns its files: external.table.purge is never set'),
  replace: none('it is without effect in hms-mirror 3'),
  resetRight: none('it is without effect in hms-mirror 3'),
  saveWorkingTables: refused(true, '-d SQL'),
  skipFeatures: refused(true),
  skipLegacyTranslation: refused(true),
  skipLinkCheck: none('whether the clusters reach each other is tried by the preflight of each table'),
  suppressCliWarnings: told('what is shown while it is planned'),
  sqlOutput: none('the scripts are always written'),
  sync: request(true),
  'transfer.concurrency': none('it is without effect since hms-mirror 2.2'),
  'transfer.transferPrefix': plan('moved_'),
  'transfer.shadowPrefix': plan('shade_'),
  'transfer.storageMigrationPostfix': plan('_old'),
  'transfer.exportBaseDirPrefix': refused('/tmp/export_', '-d SQL -ma'),
  'transfer.remoteWorkingDirectory': none('it is a directory of intermediateStorage, which is refused'),
  'transfer.intermediateStorage': refused('hdfs://between/x'),
  'transfer.targetNamespace': plan('s3a://other'),
  'transfer.storageMigration.translationType': refused('ALIGNED'),
  'transfer.storageMigration.dataMovementStrategy': request('DISTCP'),
  'transfer.storageMigration.dataFlow': request('PUSH'),
  'transfer.storageMigration.skipDatabaseLocationAdjustments': none(OF_STORAGE_MIGRATION),
  'transfer.storageMigration.createArchive': none(OF_STORAGE_MIGRATION),
  'transfer.storageMigration.consolidateTablesForDistcp': none(
    'the files of a table are copied by themselves: the same files come to the same places',
  ),
  'transfer.storageMigration.strict': none(OF_STORAGE_MIGRATION),
  'transfer.distcp.slots': request(9),
  'transfer.distcp.maxMappers': request(9),
  'transfer.distcp.maxMbPerSecond': request(9),
  'transfer.distcp.packing': refused('NONE'),
  'transfer.distcp.waveMinutes': refused(5),
  'transfer.distcp.window.opens': request('21:00'),
  'transfer.distcp.window.closes': request('06:00'),
  'transfer.distcp.queue': request('root.night'),
  'transfer.distcp.properties': request({ 'mapreduce.map.memory.mb': '4096' }),
  'transfer.distcp.preserve': request('p'),
  'transfer.distcp.startUpSeconds': plan(9),
  'transfer.distcp.mbPerSecondPerMapper': plan(9),
  'transfer.warehouse.source': none(FOUND_OUT),
  'transfer.warehouse.externalDirectory': none('ALIGNED puts tables there, and that is refused; RELATIVE keeps their paths'),
  'transfer.warehouse.managedDirectory': none('ALIGNED puts tables there, and that is refused; RELATIVE keeps their paths'),
  'translator.forceExternalLocation': none('each table says its place'),
  'translator.userGlobalLocationMap': request({ '/a': { EXTERNAL_TABLE: '/b' } }),
  'translator.autoGlobalLocationMap': none(FOUND_OUT),
  'translator.warehouseMapBuilder.warehousePlans': refused({ sales: { externalDirectory: '/a', managedDirectory: '/b' } }, '-d SQL'),
  'translator.warehouseMapBuilder.sources': none(FOUND_OUT),
  'translator.warehouseMapBuilder.inSync': none(FOUND_OUT),
};
