import type { Side } from './model-files.ts';
import { SCRIPT_SETTINGS } from './script-builders.ts';
import type { SettingsOverrides } from './script-builders.ts';

const PLANS = { shop: { external: '/new/ext', managed: '/new/mng' } };
const ALIGNED = { translation: 'ALIGNED', plans: PLANS } as const;
const ONE_CLUSTER = { target: SCRIPT_SETTINGS.clusters.source };
const TO_OZONE = { ...ALIGNED, targetNamespace: 'ofs://NEW' } as const;

/** A configuration of a strategy, and what it promises of the tables that it takes. */
export interface Promised {
  readonly title: string;
  readonly overrides: SettingsOverrides;
  /** Who reads the same rows afterwards as the source did before. */
  readonly reader: Side;
  /** Tables that the strategy takes. */
  readonly takes: 'plain' | 'acid' | 'all';
  /** Partitions may lie outside their table's directory. */
  readonly strays: boolean;
}

export const PROMISES: readonly Promised[] = [
  { title: 'SCHEMA_ONLY, relative, copied', overrides: { movement: { by: 'DISTCP' } }, reader: 'target', takes: 'plain', strays: false },
  {
    title: 'SCHEMA_ONLY, aligned, copied',
    overrides: { locations: ALIGNED, movement: { by: 'DISTCP' } },
    reader: 'target',
    takes: 'plain',
    strays: true,
  },
  {
    title: 'SCHEMA_ONLY, aligned, copied over intermediate storage',
    overrides: { locations: { ...ALIGNED, intermediateStorage: 's3a://between' }, movement: { by: 'DISTCP', flow: 'PUSH_PULL' } },
    reader: 'target',
    takes: 'plain',
    strays: true,
  },
  {
    title: 'SCHEMA_ONLY, aligned, consolidated',
    overrides: { locations: ALIGNED, movement: { by: 'DISTCP', consolidateTables: true } },
    reader: 'target',
    takes: 'plain',
    strays: true,
  },
  {
    title: 'SCHEMA_ONLY with a prefix',
    overrides: { names: { databasePrefix: 'dr_' }, movement: { by: 'DISTCP' } },
    reader: 'target',
    takes: 'plain',
    strays: false,
  },
  { title: 'LINKED', overrides: { strategy: 'LINKED' }, reader: 'target', takes: 'plain', strays: false },
  { title: 'COMMON', overrides: { strategy: 'COMMON' }, reader: 'target', takes: 'plain', strays: false },
  {
    title: 'SQL over linked clusters',
    overrides: { strategy: 'SQL', movement: { by: 'SQL' } },
    reader: 'target',
    takes: 'all',
    strays: true,
  },
  {
    title: 'SQL over intermediate storage',
    overrides: { strategy: 'SQL', movement: { by: 'SQL' }, locations: { intermediateStorage: 's3a://between' } },
    reader: 'target',
    takes: 'all',
    strays: true,
  },
  {
    title: 'SQL with a downgrade',
    overrides: { strategy: 'SQL', movement: { by: 'SQL' }, acid: { downgrade: true } },
    reader: 'target',
    takes: 'all',
    strays: true,
  },
  {
    title: 'SQL in place',
    overrides: { strategy: 'SQL', movement: { by: 'SQL' }, acid: { downgrade: true, inPlace: true } },
    reader: 'source',
    takes: 'acid',
    strays: false,
  },
  {
    title: 'EXPORT_IMPORT',
    overrides: { strategy: 'EXPORT_IMPORT', movement: { by: 'NONE' } },
    reader: 'target',
    takes: 'all',
    strays: true,
  },
  {
    title: 'HYBRID',
    overrides: { strategy: 'HYBRID', movement: { by: 'SQL' }, hybrid: { exportPartitionLimit: 1 } },
    reader: 'target',
    takes: 'all',
    strays: false,
  },
  {
    title: 'STORAGE_MIGRATION in place',
    overrides: { strategy: 'STORAGE_MIGRATION', clusters: ONE_CLUSTER, locations: TO_OZONE, movement: { by: 'DISTCP' } },
    reader: 'source',
    takes: 'all',
    strays: true,
  },
  {
    title: 'STORAGE_MIGRATION with an archive',
    overrides: {
      strategy: 'STORAGE_MIGRATION',
      clusters: ONE_CLUSTER,
      locations: TO_OZONE,
      movement: { by: 'DISTCP', createArchive: true },
    },
    reader: 'source',
    takes: 'plain',
    strays: true,
  },
  {
    title: 'STORAGE_MIGRATION by SQL',
    overrides: { strategy: 'STORAGE_MIGRATION', clusters: ONE_CLUSTER, locations: TO_OZONE, movement: { by: 'SQL' } },
    reader: 'source',
    takes: 'all',
    strays: true,
  },
];
