import { parseOptions } from './parse-options.ts';
import { readConfiguration } from './read-configuration.ts';
import type { HmsMirrorConfiguration } from './configuration-schema.ts';

/** Two clusters of Hive 3 with warehouses: what most cases begin with. */
export const TWO_CLUSTERS = `
transfer: {warehouse: {managedDirectory: /wh/managed, externalDirectory: /wh/external}}
clusters:
  LEFT: {platformType: CDP7_1, hcfsNamespace: "hdfs://left"}
  RIGHT: {platformType: CDP7_1, hcfsNamespace: "hdfs://right"}
`;

/** The configuration of a text and options; throws what is wrong with them. */
export function configurationOf(yaml: string, ...argv: readonly string[]): HmsMirrorConfiguration {
  const reading = readConfiguration(yaml, parseOptions(argv).options);
  if (reading.kind === 'invalid') throw new Error(reading.problems.join('\n'));
  return reading.configuration;
}
