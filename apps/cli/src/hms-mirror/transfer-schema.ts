import { z } from 'zod';
import { DistCpSchema } from './distcp-schema.ts';
import { Switch, Text, TextWith, Whole, Word } from './schema-parts.ts';

/** A directory of a warehouse: path without namespace and without a slash at its end. */
const Directory = (description: string) =>
  z
    .string()
    .transform((text) => text.trim().replace(/\/+$/, ''))
    .transform((path) => (path === '' || path.startsWith('/') || path.includes('://') ? path : `/${path}`))
    .exactOptional()
    .meta({ description, expected: 'a path without namespace, such as /warehouse/tablespace/external/hive' });

export const WarehouseSchema = z.strictObject({
  source: Word(['PLAN', 'GLOBAL', 'ENVIRONMENT']).exactOptional().describe('Where the directories come from; found out, not read.'),
  externalDirectory: Directory('Directory below which databases keep external tables.'),
  managedDirectory: Directory('Directory below which databases keep managed tables.'),
});

const StorageMigrationSchema = z.strictObject({
  translationType: Word(['RELATIVE', 'ALIGNED']).default('RELATIVE').describe('Keep paths, or put tables into the warehouse directories.'),
  dataMovementStrategy: Word(['SQL', 'EXPORT_IMPORT', 'HYBRID', 'DISTCP', 'MANUAL', 'NA']).default('SQL').describe('What moves the data.'),
  dataFlow: Word(['PULL', 'PUSH', 'PUSH_PULL']).default('PULL').describe('Whose cluster runs DistCp.'),
  skipDatabaseLocationAdjustments: Switch(false, 'STORAGE_MIGRATION leaves the locations of databases alone.'),
  createArchive: Switch(false, 'STORAGE_MIGRATION by DISTCP keeps the table under another name.'),
  consolidateTablesForDistcp: Switch(false, 'Tables of one directory are copied together.'),
  strict: Switch(false, 'A location that does not map refuses its table.'),
});

export const TransferSchema = z.strictObject({
  concurrency: Whole(4, 'Without effect since hms-mirror 2.2.'),
  transferPrefix: TextWith('hms_mirror_transfer_', 'Start of the names of transfer tables.'),
  shadowPrefix: TextWith('hms_mirror_shadow_', 'Start of the names of shadow tables.'),
  storageMigrationPostfix: TextWith('_storage_migration', 'End of the names of archived tables.'),
  exportBaseDirPrefix: TextWith('/apps/hive/warehouse/export_', 'Start of export directories.'),
  remoteWorkingDirectory: TextWith('hms_mirror_working', 'Working directory on intermediate storage.'),
  intermediateStorage: Text('Storage that both clusters reach, for data on its way.'),
  targetNamespace: Text('File system that the data goes to.'),
  storageMigration: StorageMigrationSchema.prefault({}).describe('How data and locations move.'),
  distcp: DistCpSchema.prefault({}).describe('Not in hms-mirror: how copies become jobs and waves.'),
  warehouse: WarehouseSchema.exactOptional().describe('Warehouse directories of databases without a plan.'),
});
