/** Hive's own bound of dynamic partitions, which is not to be lowered. */
const USUAL_PARTITIONS = 1000;

/**
 * Session settings for INSERTs of a table with so many partitions, all of them dynamic. A name that holds `${...}` is meant. Rows that were
 * counted prove the table, so nothing is read from statistics here either.
 */
export function insertSettings(partitions: number): Readonly<Record<string, string>> {
  const bound = String(Math.max(USUAL_PARTITIONS, partitions * 2));
  return {
    'hive.compute.query.using.stats': 'false',
    'hive.exec.dynamic.partition': 'true',
    'hive.exec.dynamic.partition.mode': 'nonstrict',
    'hive.exec.max.dynamic.partitions': bound,
    'hive.exec.max.dynamic.partitions.pernode': bound,
    'hive.variable.substitute': 'false',
  };
}
