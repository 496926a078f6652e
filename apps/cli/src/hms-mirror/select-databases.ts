import { isMetadataLoaded } from './adjust.ts';
import type { HmsMirrorConfiguration } from './configuration-schema.ts';

/**
 * Which databases of a data set take part: with STORAGE_MIGRATION those of the warehouse plans, else those that `filter.dbRegEx`
 * finds, else those of the plans where locations of partitions count, else those that are listed, else all.
 */
export function selectDatabases(configuration: HmsMirrorConfiguration, found: readonly string[]): readonly string[] {
  const { dataStrategy, filter, databases, translator } = configuration;
  const planned = Object.keys(translator.warehouseMapBuilder.warehousePlans);
  const isPlanned = planned.length > 0 && (dataStrategy === 'STORAGE_MIGRATION' || isMetadataLoaded(configuration));
  if (isPlanned && dataStrategy === 'STORAGE_MIGRATION') return found.filter((name) => planned.includes(name));
  if (filter.dbRegEx !== undefined && filter.dbRegEx !== '') {
    const pattern = new RegExp(filter.dbRegEx, 'u');
    return found.filter((name) => pattern.test(name));
  }
  if (isPlanned) return found.filter((name) => planned.includes(name));
  return databases.length === 0 ? found : found.filter((name) => databases.includes(name));
}
