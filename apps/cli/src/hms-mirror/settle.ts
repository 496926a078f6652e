import type { HmsMirrorConfiguration } from './configuration-schema.ts';
import { withLocationMap } from './location-map-option.ts';
import type { GivenOption } from './parse-options.ts';
import { wrongPatterns } from './wrong-patterns.ts';

export type ConfigurationReading =
  | { readonly kind: 'valid'; readonly configuration: HmsMirrorConfiguration }
  | { readonly kind: 'invalid'; readonly problems: readonly string[] };

/** Applies the options that need the whole configuration, and puts directories into one form. */
export function settle(given: HmsMirrorConfiguration, options: readonly GivenOption[]): ConfigurationReading {
  const values = (name: GivenOption['name']) => options.filter((option) => option.name === name).map(({ value }) => value);
  const isSet = (name: GivenOption['name']) => values(name).at(-1) === 'true';
  const flipped = given.flip || isSet('flip') ? flip(given) : given;
  const connected = isSet('right-is-disconnected') ? withoutRight(flipped) : flipped;
  const created = isSet('create-if-not-exist') ? createIfNotExists(connected) : connected;
  const mapped = withLocationMap(created, values('global-location-map'));
  const { configuration, problems } = withDirectories(withoutDumpSync(mapped.configuration, isSet('sync')));
  const all = [...mapped.problems, ...problems, ...wrongPatterns(configuration)];
  return all.length > 0 ? { kind: 'invalid', problems: all } : { kind: 'valid', configuration };
}

/** DUMP changes nothing, so the option has nothing to say; the key in the file is refused with DUMP. */
function withoutDumpSync(configuration: HmsMirrorConfiguration, isOption: boolean): HmsMirrorConfiguration {
  return isOption && configuration.dataStrategy === 'DUMP' ? { ...configuration, sync: false } : configuration;
}

/** A changed configuration, and what is wrong with what was given. */
export interface Settled {
  readonly configuration: HmsMirrorConfiguration;
  readonly problems: readonly string[];
}

function flip(configuration: HmsMirrorConfiguration): HmsMirrorConfiguration {
  const { LEFT: left, RIGHT: right } = configuration.clusters;
  const clusters = { ...(right === undefined ? {} : { LEFT: right }), ...(left === undefined ? {} : { RIGHT: left }) };
  return { ...configuration, clusters, flip: false };
}

function withoutRight(configuration: HmsMirrorConfiguration): HmsMirrorConfiguration {
  const { RIGHT: right } = configuration.clusters;
  if (right?.hiveServer2 === undefined) return configuration;
  const disconnected = { ...right, hiveServer2: { ...right.hiveServer2, disconnected: true } };
  return { ...configuration, clusters: { ...configuration.clusters, RIGHT: disconnected } };
}

function createIfNotExists(configuration: HmsMirrorConfiguration): HmsMirrorConfiguration {
  const { LEFT: left, RIGHT: right } = configuration.clusters;
  const clusters = {
    ...(left === undefined ? {} : { LEFT: { ...left, createIfNotExists: true } }),
    ...(right === undefined ? {} : { RIGHT: { ...right, createIfNotExists: true } }),
  };
  return { ...configuration, clusters };
}

interface Warehouse {
  readonly externalDirectory?: string;
  readonly managedDirectory?: string;
}

/** Warehouse directories lose the target namespace and the directory of their database, which hms-mirror adds itself. */
function withDirectories(given: HmsMirrorConfiguration): Settled {
  const targetNamespace = given.transfer.targetNamespace?.trim().replace(/\/+$/, '');
  const plans = given.translator.warehouseMapBuilder.warehousePlans;
  const clean = ({ externalDirectory, managedDirectory }: Warehouse, database?: string): Warehouse => ({
    ...directory('externalDirectory', externalDirectory, { targetNamespace, database }),
    ...directory('managedDirectory', managedDirectory, { targetNamespace, database }),
  });
  const warehouse = given.transfer.warehouse === undefined ? undefined : clean(given.transfer.warehouse);
  const warehousePlans = Object.fromEntries(Object.entries(plans).map(([database, plan]) => [database, clean(plan, database)]));
  const configuration = {
    ...given,
    transfer: {
      ...given.transfer,
      ...(targetNamespace === undefined ? {} : { targetNamespace }),
      ...(warehouse === undefined ? {} : { warehouse }),
    },
    translator: { ...given.translator, warehouseMapBuilder: { ...given.translator.warehouseMapBuilder, warehousePlans } },
  };
  const problems = [['transfer.warehouse', warehouse ?? {}] as const, ...Object.entries(warehousePlans)].flatMap(([name, plan]) =>
    foreignNamespace(name, plan, targetNamespace),
  );
  return { configuration, problems };
}

function directory(
  key: keyof Warehouse,
  text: string | undefined,
  { targetNamespace, database }: { readonly targetNamespace: string | undefined; readonly database: string | undefined },
): Warehouse {
  if (text === undefined || text === '') return {};
  const path = targetNamespace !== undefined && text.startsWith(`${targetNamespace}/`) ? text.slice(targetNamespace.length) : text;
  const own = `/${database ?? ''}.db`;
  return { [key]: database !== undefined && path.endsWith(own) ? path.slice(0, -own.length) : path };
}

function foreignNamespace(
  name: string,
  { externalDirectory, managedDirectory }: Warehouse,
  targetNamespace = 'none is set',
): readonly string[] {
  return [externalDirectory, managedDirectory].flatMap((path) =>
    path?.includes('://') === true
      ? [`${name}: ${path}: expected a path without namespace, or below transfer.targetNamespace (${targetNamespace})`]
      : [],
  );
}
