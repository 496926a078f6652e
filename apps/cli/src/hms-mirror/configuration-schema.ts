import { z } from 'zod';
import { DATA_STRATEGIES } from '@hiveferry/core';
import { ClusterSchema } from './cluster-schema.ts';
import { PlainText, Switch, Text, Whole, Word } from './schema-parts.ts';
import { TransferSchema, WarehouseSchema } from './transfer-schema.ts';

const TableKind = z.enum(['EXTERNAL_TABLE', 'MANAGED_TABLE']);
const LocationMap = z.record(z.string(), z.partialRecord(TableKind, z.string()));

const Acceptance = z.strictObject({
  silentOverride: Switch(false, 'Confirmation of the web page; not asked for here.'),
  backedUpHDFS: Switch(false, 'Confirmation of the web page; not asked for here.'),
  backedUpMetastore: Switch(false, 'Confirmation of the web page; not asked for here.'),
  trashConfigured: Switch(false, 'Confirmation of the web page; not asked for here.'),
  potentialDataLoss: Switch(false, 'Confirmation of the web page; not asked for here.'),
});

const Filter = z.strictObject({
  dbRegEx: Text('Databases whose name holds a match.'),
  dbPropertySkipList: z.array(PlainText).default([]).describe('Regular expressions of database properties that are not copied.'),
  tblRegEx: Text('Tables whose whole name matches; wins over tblExcludeRegEx.'),
  tblExcludeRegEx: Text('Tables whose whole name matches are left out.'),
  tblSizeLimit: Whole(-1, 'Tables with more megabytes are left out.'),
  tblPartitionLimit: Whole(-1, 'Tables with more partitions are left out.'),
});

const Hybrid = z.strictObject({
  exportImportPartitionLimit: Whole(100, 'Most partitions for EXPORT_IMPORT; 0 or less is no limit.'),
  sqlPartitionLimit: Whole(500, 'Most partitions for SQL; 0 or less is no limit.'),
  sqlSizeLimit: Whole(1_073_741_824, 'Largest table that HYBRID leaves to an unattended INSERT, in bytes; without effect in hms-mirror.'),
});

const IcebergConversion = z.strictObject({
  enable: Switch(false, 'STORAGE_MIGRATION and SQL make Iceberg tables.'),
  fileTypeTranslation: Word(['SAME', 'PARQUET', 'ORC', 'AVRO', 'STANDARD']).default('STANDARD').describe('File format of Iceberg tables.'),
  version: Whole(2, 'Version of the Iceberg format, 1 or 2.'),
  tableProperties: z.record(z.string(), PlainText).default({}).describe('Properties of Iceberg tables.'),
  inplace: Switch(false, 'Convert where the table is.'),
});

const MigrateAcid = z.strictObject({
  on: Switch(false, 'Transactional tables take part.'),
  only: Switch(false, 'Only transactional tables take part.'),
  artificialBucketThreshold: Whole(2, 'A bucket clause with no more buckets is left out.'),
  partitionLimit: Whole(500, 'Most partitions of a transactional table; 0 or less is no limit.'),
  downgrade: Switch(false, 'Transactional tables become external ones.'),
  inplace: Switch(false, 'Transactional tables are rebuilt where they are.'),
});

const SideValues = z.partialRecord(z.enum(['LEFT', 'RIGHT', 'BOTH']), PlainText);

const Optimization = z.strictObject({
  sortDynamicPartitionInserts: Switch(false, 'Inserts sort by partition instead of DISTRIBUTE BY.'),
  skip: Switch(false, 'Plain inserts.'),
  autoTune: Switch(false, 'Inserts are tuned by statistics.'),
  compressTextOutput: Switch(false, 'Text is written compressed.'),
  skipStatsCollection: Switch(false, 'Sizes of tables are not read.'),
  overrides: z
    .strictObject({ properties: z.record(z.string(), SideValues).default({}).describe('SET statements by name and side.') })
    .prefault({})
    .describe('SET statements put before inserts.'),
  buildShadowStatistics: Switch(false, 'Without effect in hms-mirror.'),
});

const Translator = z.strictObject({
  forceExternalLocation: Switch(false, 'External tables keep their LOCATION clause.'),
  userGlobalLocationMap: LocationMap.default({}).describe('Directories that map to others, longest first.'),
  autoGlobalLocationMap: LocationMap.default({}).describe('Made from warehouse plans at each run, not read.'),
  warehouseMapBuilder: z
    .strictObject({
      warehousePlans: z.record(z.string(), WarehouseSchema).default({}).describe('Warehouse directories by database.'),
      sources: z.unknown().exactOptional().describe('Found at each run, not read.'),
      inSync: Switch(false, 'Found at each run, not read.'),
    })
    .prefault({})
    .describe('Warehouse plans.'),
});

/** Every key of hms-mirror's configuration with its default. */
export const HmsMirrorSchema = z.strictObject({
  acceptance: Acceptance.prefault({}).describe('Confirmations.'),
  beta: Switch(false, 'Shows unfinished features.'),
  clusters: z
    .strictObject({ LEFT: ClusterSchema.exactOptional(), RIGHT: ClusterSchema.exactOptional() })
    .prefault({})
    .describe('Source (LEFT) and target (RIGHT).'),
  comment: Text('Comment in run-status.yaml.'),
  commandLineOptions: Text('Command line, as recorded by hms-mirror.'),
  connectionPoolLib: Word(['DBCP2', 'HIKARICP', 'HYBRID']).exactOptional().describe('Without effect here.'),
  consolidateDBCreateStatements: Switch(false, 'One CREATE DATABASE instead of CREATE and ALTERs.'),
  copyAvroSchemaUrls: Switch(false, 'Without effect: scripts copy no Avro schema files.'),
  dataStrategy: Word([...DATA_STRATEGIES, 'ACID', 'INTERMEDIATE'])
    .default('SCHEMA_ONLY')
    .describe('Data strategy.'),
  databaseOnly: Switch(false, 'Databases without their tables.'),
  databases: z.array(PlainText).default([]).describe('Databases to work on.'),
  dbPrefix: Text('Put before the names of target databases.'),
  dbRename: Text('Name of the target database, for one database.'),
  dumpSource: Word(['LEFT', 'RIGHT']).default('LEFT').describe('Side that DUMP writes down.'),
  dumpTestData: Switch(false, 'Write a data set.'),
  loadTestDataFile: Text('Data set to work on.'),
  encryptedPasswords: Switch(false, 'Passwords in the file are ciphertext.'),
  execute: Switch(false, 'Run the plan.'),
  filter: Filter.prefault({}).describe('Which databases and tables take part.'),
  flip: Switch(false, 'Swap sides.'),
  hybrid: Hybrid.prefault({}).describe('Limits of SQL and EXPORT_IMPORT.'),
  icebergConversion: IcebergConversion.prefault({}).describe('Conversion to Iceberg.'),
  legacyTranslations: z
    .strictObject({ rowSerde: z.record(z.string(), PlainText).default({}).describe('New SerDe class by old one.') })
    .prefault({})
    .describe('Renamed classes.'),
  migrateACID: MigrateAcid.prefault({}).describe('Transactional tables.'),
  migrateVIEW: z
    .strictObject({ on: Switch(false, 'Views and nothing else.') })
    .prefault({})
    .describe('Views.'),
  migrateNonNative: Switch(false, 'Tables of storage handlers take part.'),
  optimization: Optimization.prefault({}).describe('How inserts are written.'),
  ownershipTransfer: z
    .strictObject({
      database: Switch(false, 'Owners of databases are carried over.'),
      table: Switch(false, 'Owners of tables are carried over.'),
    })
    .prefault({})
    .describe('Owners.'),
  quiet: Switch(false, 'Less on the screen.'),
  readOnly: Switch(false, 'The target does not own its data: no purge.'),
  noPurge: Switch(false, 'Purge is never set.'),
  replace: Switch(false, 'Without effect in hms-mirror 3.'),
  resetRight: Switch(false, 'Without effect in hms-mirror 3.'),
  saveWorkingTables: Switch(false, 'Working tables stay.'),
  skipFeatures: Switch(false, 'Definitions are not repaired.'),
  skipLegacyTranslation: Switch(false, 'Old SerDe classes keep their names.'),
  skipLinkCheck: Switch(false, 'Clusters are not asked whether they reach each other.'),
  suppressCliWarnings: Switch(false, 'Warnings are not shown.'),
  sqlOutput: Switch(true, 'Always on.'),
  sync: Switch(false, 'The target follows the source: creates, replaces, drops.'),
  transfer: TransferSchema.prefault({}).describe('How data moves.'),
  translator: Translator.prefault({}).describe('Where tables go.'),
});

export type HmsMirrorConfiguration = z.infer<typeof HmsMirrorSchema>;
