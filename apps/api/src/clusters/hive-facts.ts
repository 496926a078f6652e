import { MigrationError, namespaceOf, parseLocation } from '@hiveferry/core';
import type { Location } from '@hiveferry/core';
import type { ClusterClient, HiveSession } from '@hiveferry/ports';

const EXTERNAL_KEY = 'hive.metastore.warehouse.external.dir';
const MANAGED_KEY = 'hive.metastore.warehouse.dir';

/**
 * Compares what was registered about this Hive with what it says itself. An external warehouse in an object store may be of one's own
 * choice: tables are made with their location said. Fault HIVE_FACTS_DIFFER lists every difference.
 */
export async function hiveFactsOf({ hive, facts, objectStores }: ClusterClient): Promise<string> {
  const session = await hive.openSession();
  try {
    const managed = parseLocation(await valueOf(session, MANAGED_KEY), facts.namespace);
    // Hive before 4 may have no external directory: its external tables then lie below the managed one.
    const external = parseLocation(await valueOf(session, EXTERNAL_KEY), facts.namespace);
    const isChosen = objectStores.includes(namespaceOf(facts.externalWarehouse)) && external !== facts.externalWarehouse;
    const differences = [
      ...differenceOf('hive.managedWarehouse', facts.managedWarehouse, managed),
      ...(isChosen ? [] : differenceOf('hive.externalWarehouse', facts.externalWarehouse, external)),
      ...(await versionDifference(session, facts.hiveMajor)),
    ];
    if (differences.length === 0 && isChosen) return chosen(facts.externalWarehouse, external);
    if (differences.length === 0) return 'version and warehouses are as registered';
    throw new MigrationError('HIVE_FACTS_DIFFER', differences.join('; '), {
      category: 'environment',
      retry: 'operator',
      subject: facts.name,
    });
  } finally {
    await session.close();
  }
}

function chosen(registered: Location, own: Location | undefined): string {
  return `version and managed warehouse are as registered; tables go to ${registered}, while Hive's own external warehouse is ${own ?? 'not set'}`;
}

/** `set key` answers `key=value`, or that the key is undefined. */
async function valueOf(session: HiveSession, key: string): Promise<string> {
  const [row] = await session.query(`set ${key}`);
  const text = row?.[0] ?? '';
  return text.startsWith(`${key}=`) ? text.slice(key.length + 1) : '';
}

function differenceOf(key: string, registered: Location, found: Location | undefined): readonly string[] {
  return found === undefined || found === registered ? [] : [`${key}: registered ${registered}, found ${found}`];
}

async function versionDifference(session: HiveSession, major: number): Promise<readonly string[]> {
  // A Hive that has no version() is no reason to call the cluster unfit.
  const [row] = await session.query('select version()').catch(() => []);
  const version = row?.[0] ?? undefined;
  return version === undefined || version.startsWith(`${major}.`) ? [] : [`hive.version: registered ${major}, found ${version}`];
}
