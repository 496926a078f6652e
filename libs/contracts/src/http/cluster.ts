import { parseLocation, parseNamespace } from '@hiveferry/core';
import { z } from 'zod';
import { AccountName, ClusterName, Instant, Line } from '../text.ts';
import { HiveServer2, problemsOfHiveServer2 } from './hive-server2.ts';
import { Metastore, problemsOfMetastore } from './metastore.ts';
import { ObjectStore, problemsOfPlaces } from './object-store.ts';
import { NextPageToken } from './page.ts';

const partsOf = (list: string): readonly string[] => list.split(',').map((uri) => uri.trim());
const isHttpUri = (text: string): boolean => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
const isBareUri = (text: string): boolean => URL.canParse(text) && new URL(text).username === '' && new URL(text).password === '';

const Namespace = z
  .string()
  .refine((text) => parseNamespace(text) !== undefined, 'expected scheme://authority, such as hdfs://nameservice1')
  .meta({ description: 'Default file system of the cluster (`fs.defaultFS`).', example: 'hdfs://127.0.0.1:8020' });

const Warehouse = z
  .string()
  .refine(
    (text) => parseLocation(text, parseNamespace('hdfs://default')) !== undefined,
    'expected a qualified location or an absolute path',
  )
  .meta({ example: '/warehouse/tablespace/external/hive' });

const Hive = z
  .strictObject({
    version: z
      .string()
      .regex(/^[1-4]\.\d+(?:\.\d+)*(?:[-.][\w.-]+)?$/, 'expected a version of Hive 1 to 4, such as 3.1.3')
      .meta({ example: '3.1.3' }),
    managedWarehouse: Warehouse,
    externalWarehouse: Warehouse,
  })
  .meta({ id: 'HiveFacts', description: 'What planning must know of this Hive: its version and its warehouses.' });

const Hdfs = z
  .strictObject({
    namespace: Namespace,
    webHdfsUri: z
      .string()
      .refine((text) => partsOf(text).every(isHttpUri), 'expected http://host:port or https://host:port, several by commas')
      .refine((text) => partsOf(text).every(isBareUri), 'expected an address without user and password')
      .meta({ description: 'WebHDFS or HttpFS; several NameNodes by commas.', example: 'http://127.0.0.1:9870' }),
    user: AccountName.default('hive'),
    blockSizeBytes: z
      .int()
      .min(1_048_576)
      .exactOptional()
      .meta({ description: '`dfs.blocksize`; said on each copy to this cluster.', example: 134217728 }),
  })
  .meta({ id: 'HdfsSpec' });

const AbsolutePath = z.string().regex(/^\/[^\0\r\n]*$/, 'expected an absolute path');

const Hadoop = z
  .strictObject({
    command: z
      .string()
      .regex(/^(?:\/[^\0\r\n]*|[\w.-]+)$/, 'expected a command name or an absolute path')
      .meta({ description: "Hadoop's launcher as it is called at this cluster's edge.", example: '/usr/bin/hadoop' }),
    configurationDirectory: AbsolutePath.exactOptional(),
    user: AccountName.exactOptional(),
    queue: z
      .string()
      .regex(/^[\w.-]{1,128}$/, 'expected a YARN queue')
      .exactOptional(),
  })
  .meta({ id: 'HadoopSpec' });

const fields = {
  description: Line(500).exactOptional(),
  hive: Hive,
  metastore: Metastore,
  hiveServer2: HiveServer2,
  hdfs: Hdfs,
  objectStores: z
    .array(ObjectStore)
    .max(100)
    .exactOptional()
    .meta({ description: 'Buckets beside HDFS: tables may lie there, and warehouses and location maps may lead there.' }),
  hadoop: Hadoop,
};

type Checked = Parameters<typeof problemsOfPlaces>[0] &
  Parameters<typeof problemsOfMetastore>[0] &
  Parameters<typeof problemsOfHiveServer2>[0];

/** Hands a schema's further problems to zod, which sees one key at a time. */
const checkPlaces: z.core.CheckFn<Checked> = ({ value, issues }) => {
  const problems = [...problemsOfPlaces(value), ...problemsOfMetastore(value), ...problemsOfHiveServer2(value)];
  for (const problem of problems) issues.push({ code: 'custom', input: value, ...problem });
};

/** Body of PUT: the name is in the path. */
export const ClusterBody = z
  .strictObject(fields)
  .check(checkPlaces)
  .meta({ id: 'ClusterBody', description: 'How to reach a cluster. Secrets are references.' });
export type ClusterBody = z.infer<typeof ClusterBody>;

export const ClusterSpec = z
  .strictObject({ name: ClusterName, ...fields })
  .check(checkPlaces)
  .meta({ id: 'ClusterSpec', description: 'A cluster to register. Secrets are references.' });
export type ClusterSpec = z.infer<typeof ClusterSpec>;

export const Cluster = z
  .object({
    name: ClusterName,
    version: z.int().meta({ description: 'Counts changes, from 1.' }),
    spec: ClusterSpec,
    createdAt: Instant,
    updatedAt: Instant,
  })
  .meta({ id: 'Cluster' });
export type Cluster = z.infer<typeof Cluster>;

export const ClusterPage = z.object({ items: z.array(Cluster), nextPageToken: NextPageToken }).meta({ id: 'ClusterPage' });

export const CLUSTER_PARTS = ['metastore', 'hiveServer2', 'fileSystem', 'objectStores', 'hadoopCommand', 'hiveFacts'] as const;

export const ClusterCheckPart = z
  .object({
    name: z.enum(CLUSTER_PARTS),
    ok: z.boolean(),
    message: z.string().meta({ description: 'What was found.', example: '5 databases' }),
    code: z.string().exactOptional().meta({ example: 'METASTORE_UNREACHABLE' }),
    advice: z.string().exactOptional().meta({ description: 'What to do; present when not ok.' }),
    durationMs: z.int(),
  })
  .meta({ id: 'ClusterCheckPart' });
export type ClusterCheckPart = z.infer<typeof ClusterCheckPart>;

export const ClusterCheck = z
  .object({ cluster: ClusterName, ok: z.boolean(), checkedAt: Instant, parts: z.array(ClusterCheckPart) })
  .meta({ id: 'ClusterCheck', description: 'What answers and what does not, part by part.' });
export type ClusterCheck = z.infer<typeof ClusterCheck>;
