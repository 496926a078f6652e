import { OWNER_TYPES, TABLE_TYPES } from '@hiveferry/core';
import type { Database as CoreDatabase, Partition as CorePartition, Table as CoreTable } from '@hiveferry/core';
import { z } from 'zod';

/** Hive's metadata objects on paper: the core's own values, every key known, nothing more. */

const Name = z.string().min(1);
const Parameters = z.record(z.string(), z.string());
const Column = z.strictObject({ name: Name, type: z.string(), comment: z.string().exactOptional() });
const Owner = z.strictObject({ name: Name, type: z.enum(OWNER_TYPES) });

const StorageDescriptor = z.strictObject({
  columns: z.array(Column),
  location: z.string().exactOptional(),
  inputFormat: z.string().exactOptional(),
  outputFormat: z.string().exactOptional(),
  compressed: z.boolean(),
  numBuckets: z.int().min(0),
  serde: z.strictObject({ name: z.string().exactOptional(), serializationLib: z.string().exactOptional(), parameters: Parameters }),
  bucketColumns: z.array(Name),
  sortColumns: z.array(z.strictObject({ column: Name, order: z.enum(['ASC', 'DESC']) })),
  skewed: z.strictObject({ columns: z.array(Name), values: z.array(z.array(z.string())) }).exactOptional(),
  storedAsSubDirectories: z.boolean(),
  parameters: Parameters,
});

export const SnapshotDatabase = z.strictObject({
  name: Name,
  description: z.string().exactOptional(),
  locationUri: z.string().exactOptional(),
  managedLocationUri: z.string().exactOptional(),
  parameters: Parameters,
  owner: Owner.exactOptional(),
}) satisfies z.ZodType<CoreDatabase>;

export const SnapshotTable = z.strictObject({
  database: Name,
  name: Name,
  tableType: z.enum(TABLE_TYPES),
  owner: Owner.exactOptional(),
  storage: StorageDescriptor,
  partitionKeys: z.array(Column),
  parameters: Parameters,
  viewOriginalText: z.string().exactOptional(),
  viewExpandedText: z.string().exactOptional(),
}) satisfies z.ZodType<CoreTable>;

export const SnapshotPartition = z.strictObject({
  values: z.array(z.string()),
  storage: StorageDescriptor,
  parameters: Parameters,
}) satisfies z.ZodType<CorePartition>;
