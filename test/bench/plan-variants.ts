/** The ways of planning that the benchmark measures, and what hms-mirror needed for them. */
import { BENCH_DATABASE } from './plan-data-set.ts';

/** One row of the baseline in the reference of hms-mirror: 2 cores, Java 17, reports included. */
export interface Recorded {
  readonly size: string;
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly peakMemoryMib: number;
}

export interface PlanVariant {
  readonly name: string;
  readonly options: readonly string[];
  readonly configuration: string;
  readonly recorded: readonly Recorded[];
}

const WAREHOUSE = `transfer:
  warehouse:
    managedDirectory: /warehouse/tablespace/managed/hive
    externalDirectory: /warehouse/tablespace/external/hive
`;

const FROM_LEGACY = `${WAREHOUSE}clusters:
  LEFT:
    legacyHive: true
    hcfsNamespace: hdfs://OLD
  RIGHT:
    legacyHive: false
    hcfsNamespace: hdfs://NEW
    partitionDiscovery:
      auto: true
      initMSCK: true
`;

const ONE_CLUSTER = `${WAREHOUSE}clusters:
  LEFT:
    legacyHive: false
    hcfsNamespace: hdfs://OLD
    metastore_direct:
      uri: jdbc:postgresql://old/metastore
      type: POSTGRES
      connectionProperties: { user: hive, password: secret }
`;

const ALIGNED = ['-wps', `${BENCH_DATABASE}=/wh/ext:/wh/mngd`, '-tt', 'ALIGNED', '-dc'];
const MIB = (1000 * 1000) / (1024 * 1024);

export const PLAN_VARIANTS: readonly PlanVariant[] = [
  {
    name: 'SCHEMA_ONLY RELATIVE',
    options: ['-d', 'SCHEMA_ONLY'],
    configuration: FROM_LEGACY,
    recorded: [{ size: '10000x20', seconds: 76, cpuSeconds: 36.5, peakMemoryMib: 3300 * MIB }],
  },
  {
    name: 'SCHEMA_ONLY ALIGNED by DISTCP',
    options: ['-d', 'SCHEMA_ONLY', ...ALIGNED],
    configuration: FROM_LEGACY,
    recorded: [{ size: '500x200', seconds: 6.7, cpuSeconds: 9.6, peakMemoryMib: 909 * MIB }],
  },
  {
    name: 'STORAGE_MIGRATION ALIGNED by DISTCP',
    options: ['-d', 'STORAGE_MIGRATION', ...ALIGNED, '-smn', 'hdfs://NEW'],
    configuration: ONE_CLUSTER,
    recorded: [],
  },
];
