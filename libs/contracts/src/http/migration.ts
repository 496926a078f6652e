import { DATA_FLOWS, DATA_STRATEGIES, PROOF_LEVELS, parseLocation } from '@hiveferry/core';
import { CopyPace } from './copy-pace.ts';
import { LinkOptions } from './link-options.ts';
import { z } from 'zod';
import { ClusterName, Instant, Line, Uuid, isRegularExpression } from '../text.ts';
import { NextPageToken } from './page.ts';

/** Who may run DistCp today. */
export const AVAILABLE_FLOWS = ['PULL', 'PUSH'] as const;

const TablePattern = z
  .string()
  .min(1)
  .max(500)
  .refine(isRegularExpression, 'expected a regular expression that compiles')
  .meta({ description: 'Regular expression on the table name, matched as a whole.', example: 'sales_.*' });

const DatabaseName = z
  .string()
  .regex(/^[\p{L}\p{N}_]{1,128}$/u, 'expected a database name: letters, digits, underscores')
  .transform((name) => name.toLowerCase())
  .meta({ example: 'sales' });

const Selection = z
  .strictObject({
    databases: z.array(DatabaseName).min(1, 'expected at least one database').max(1000),
    includeTables: z.array(TablePattern).max(1000).exactOptional().meta({ description: 'Absent: all tables.' }),
    excludeTables: z.array(TablePattern).max(1000).exactOptional(),
    lookAround: z.enum(['limited', 'everywhere', 'nowhere']).default('limited').meta({
      description:
        'How far tables of other databases are looked at, of the source (which may lie in a directory that is copied) and of each target (where a copy may not come upon their files). limited: as many databases as hold no more than 2,000 tables together; the plan of each database names what was left out (NEIGHBOURS_NOT_LOOKED_AT).',
    }),
  })
  .meta({ id: 'Selection', description: 'Which tables and views.' });

const MappedLocation = z
  .string()
  .max(4000)
  .refine((text) => parseLocation(text) !== undefined, 'expected a qualified location, scheme://authority/path, without . or .. segments')
  .meta({ example: 'hdfs://127.0.0.1:8020/data/sales' });

const Locations = z
  .strictObject({
    map: z
      .array(z.strictObject({ from: MappedLocation, to: MappedLocation }))
      .max(10_000)
      .default([])
      .meta({ description: 'Everything at or below `from` goes to `to`; the longest match wins, on whole path segments.' }),
  })
  .meta({ id: 'Locations' });

const DistCpSettings = z
  .strictObject({
    ...LinkOptions.shape,
    ...CopyPace.shape,
    flow: z.enum(DATA_FLOWS).default('PULL').meta({
      description:
        'Who runs DistCp: PULL is the target, PUSH the source, whose Hadoop must reach the target. PUSH_PULL (over an intermediate storage) is not available yet.',
    }),
  })
  .meta({ id: 'DistCpSettings' });

const Copy = z
  .strictObject({
    by: z.enum(['distcp', 'external']).default('distcp').meta({
      description:
        'Who brings the files. distcp: this service. external: somebody else; each table waits until POST /v1/runs/{id}:confirm-copied, or until source and target list the same files.',
    }),
  })
  .meta({ id: 'Copy', description: 'SCHEMA_ONLY and CONVERT_LINKED.' });

const OnExisting = z.enum(['refuse', 'sync']).meta({
  description:
    'What becomes of a table or view that stands on the target at its mapped place. refuse: nothing. sync: it is made like the source: properties are set, a table whose definition differs is dropped from the metastore and created again, partitions are added, put right and dropped; no file is touched. Managed and transactional tables, tables with external.table.purge and tables at another place are refused either way, and strategies SQL, EXPORT_IMPORT and HYBRID refuse all.',
});

const Vanished = z
  .strictObject({
    drop: z.boolean().default(false).meta({ description: 'Without it they are left alone.' }),
    atMost: z.int().min(1).max(1_000_000).default(10).meta({
      description:
        'When more of the selected tables and views of a target than these are missing at the source, whoever made them, none is dropped there.',
    }),
    atMostPercent: z
      .int()
      .min(1)
      .max(100)
      .exactOptional()
      .meta({ description: 'The same, as a share of the selected tables and views in the databases of the run on the target.' }),
  })
  .meta({
    id: 'Vanished',
    description:
      'With onExisting: sync: what becomes of tables and views that the source no longer has. drop: they are dropped from the metastore of the target, and no file is touched. Only what a sync with this setting marked as a copy from this source, told by the names of cluster and table and by the file system, so the first such sync only marks; never what is managed, has external.table.purge or is kept by a storage handler; and none while the database of the source is empty. The plan lists them, and its hash holds for them.',
  });

const PartitionDiscovery = z
  .strictObject({
    auto: z.boolean().default(false).meta({
      description: 'The table gets discover.partitions=true: the metastore of the target looks for partitions from time to time.',
    }),
    msckSync: z.boolean().default(false).meta({ description: 'MSCK REPAIR TABLE .. SYNC PARTITIONS, once.' }),
  })
  .meta({
    id: 'PartitionDiscovery',
    description:
      'What finds partitions of the target by their directories. It begins when the table is proved, since it drops what has no directory, and the table is proved again after it.',
  });

const TransactionalTables = z.enum(['downgrade', 'migrate']).meta({
  description:
    'SQL, EXPORT_IMPORT and HYBRID: what a full ACID or insert-only table becomes. downgrade: an external table without transactions, at its mapped place (EXPORT_IMPORT: not of an insert-only table). migrate: a managed transactional table of the same kind, where the target keeps managed tables.',
});

const Exports = z.strictObject({ at: MappedLocation }).meta({
  id: 'Exports',
  description:
    'EXPORT_IMPORT and HYBRID: the directory below which tables are exported, on the HDFS of the source, or on that of the target where Hive of the source can write there. Absent: the external warehouse of the source. What is exported is removed, the directory stays.',
});

const HybridLimit = z.int().min(0);

const HybridLimits = z
  .strictObject({
    exportPartitionLimit: HybridLimit.default(100).meta({ description: 'Tables with more partitions go by SQL.' }),
    sqlPartitionLimit: HybridLimit.default(500).meta({ description: 'Tables that go by SQL and have more partitions are refused.' }),
    sqlSizeLimitBytes: HybridLimit.default(1024 ** 3).meta({
      description: "Tables that go by SQL and have more bytes, as the metastore's statistics say, are refused.",
    }),
  })
  .meta({ id: 'HybridLimits', description: 'HYBRID only: which tables go by EXPORT_IMPORT and which by SQL. 0 is no limit.' });

const HazardCode = z.string().regex(/^[A-Z][A-Z0-9_]{2,63}$/, 'expected a hazard code, such as TARGET_FILES_REMOVED');

const Proof = z.enum(PROOF_LEVELS);
const DatabasePrefix = z.string().regex(/^[A-Za-z0-9_]{0,64}$/, 'expected letters, digits, underscores');
const AllowedHazards = z.array(HazardCode).max(100);

/** What one target has of its own. */
const TargetRequest = z
  .strictObject({
    cluster: ClusterName,
    databasePrefix: DatabasePrefix.exactOptional(),
    locations: Locations.exactOptional(),
    proof: Proof.exactOptional(),
    copy: Copy.exactOptional(),
    onExisting: OnExisting.exactOptional(),
    transactionalTables: TransactionalTables.exactOptional(),
    exports: Exports.exactOptional(),
    hybrid: HybridLimits.exactOptional(),
    partitionDiscovery: PartitionDiscovery.exactOptional(),
    distcp: DistCpSettings.exactOptional(),
    allowedHazards: AllowedHazards.exactOptional(),
  })
  .meta({
    id: 'TargetRequest',
    description:
      'A target with settings of its own: each one that is said here replaces that of the request, as a whole, for this target alone.',
    example: { cluster: 'dr', databasePrefix: 'dr_', distcp: { mappers: 4 } },
  });
export type TargetRequest = z.infer<typeof TargetRequest>;

const Target = z.union([ClusterName, TargetRequest]).meta({
  id: 'Target',
  description: 'The name of a cluster, or an object with its name and what is different there.',
});

/** The clusters of a request's targets, in order. */
export const clusterOfTarget = (target: string | TargetRequest): string => (typeof target === 'string' ? target : target.cluster);

/** The request as accepted; defaults make it complete, unknown keys are refused by name. */
export const MigrationRequest = z
  .strictObject({
    name: Line(200).exactOptional(),
    source: ClusterName,
    targets: z
      .array(Target)
      .min(1, 'expected at least one target')
      .max(50)
      .refine(namesEachOnce, 'expected each cluster once')
      .meta({
        description: 'The source is read once for all. Each target has a plan, hash, approval, progress and evidence of its own.',
        example: ['target'],
      }),
    selection: Selection,
    strategy: z.enum(DATA_STRATEGIES).default('SCHEMA_ONLY').meta({
      description:
        'SCHEMA_ONLY: schema by HiveQL, files by DistCp. LINKED: tables of the target point at the files of the source. COMMON: the same for files on a storage that both use. CONVERT_LINKED: tables that LINKED made are turned to files of their own, copied as for SCHEMA_ONLY. SQL: Hive of the target reads the rows and writes them anew, those of transactional tables from a transfer table that the source writes. EXPORT_IMPORT: Hive of the source exports each table, files and definition, and Hive of the target imports it. HYBRID: EXPORT_IMPORT or SQL for each table, by its partitions. STORAGE_MIGRATION: tables of one cluster, which is source and target, go where locations.map leads: their files are copied and compared, then the tables are pointed at them. DUMP: the definitions of the source and how its files would be copied, written down and never executed. ICEBERG_CONVERSION is planned and scripted by ferry hms-mirror, and not available here yet.',
    }),
    proof: Proof.default('rows').meta({ description: 'How far each table is proved; a level includes those before it.' }),
    locations: Locations.default({ map: [] }),
    commonStorage: z
      .boolean()
      .default(false)
      .meta({ description: 'COMMON: the own file system of the source counts as common storage. Without it such tables are refused.' }),
    databasePrefix: DatabasePrefix.default('').meta({ description: 'Put before each target database name.' }),
    copy: Copy.default({ by: 'distcp' }),
    onExisting: OnExisting.default('refuse'),
    vanished: Vanished.default({ drop: false, atMost: 10 }),
    transactionalTables: TransactionalTables.default('downgrade'),
    exports: Exports.exactOptional(),
    hybrid: HybridLimits.exactOptional(),
    partitionDiscovery: PartitionDiscovery.default({ auto: false, msckSync: false }),
    distcp: DistCpSettings.default({ flow: 'PULL' }),
    allowedHazards: AllowedHazards.default([]),
    labels: z.record(z.string().regex(/^[\w./-]{1,63}$/), Line(200)).default({}),
    reason: Line(1000).exactOptional(),
    changeTicket: Line(200).exactOptional(),
    execute: z
      .boolean()
      .default(false)
      .meta({ description: 'false: a dry run that ends with a plan. true: the plan is executed at once.' }),
  })
  .meta({ id: 'MigrationRequest' });
export type MigrationRequest = z.infer<typeof MigrationRequest>;

export const Migration = z
  .object({
    id: Uuid,
    name: z.string().exactOptional(),
    source: ClusterName,
    targets: z.array(ClusterName),
    spec: z.record(z.string(), z.unknown()).meta({ description: 'The request with its defaults.' }),
    latestRunId: Uuid,
    createdAt: Instant,
  })
  .meta({ id: 'Migration' });
export type Migration = z.infer<typeof Migration>;

export const MigrationPage = z.object({ items: z.array(Migration), nextPageToken: NextPageToken }).meta({ id: 'MigrationPage' });

/** A name that is only repeated is harmless; one with settings must be the only one of its cluster. */
function namesEachOnce(targets: readonly (string | TargetRequest)[]): boolean {
  const own = targets.filter((target) => typeof target !== 'string');
  return own.every(({ cluster }) => targets.filter((target) => clusterOfTarget(target) === cluster).length === 1);
}
