import { isLegacy } from './cluster-schema.ts';
import type { HmsMirrorConfiguration } from './configuration-schema.ts';

type Kinds = HmsMirrorConfiguration['translator']['userGlobalLocationMap'][string];

const EXPECTED = 'expected from=external, from=external:managed, from=:managed or from=EXTERNAL_TABLE:to, all of them paths';

/**
 * Adds entries of `--global-location-map`: `from=external`, `from=external:managed`, `from=:managed`, and by kind
 * `from=EXTERNAL_TABLE:to`. Without a managed directory, managed tables go with the external ones where they become external:
 * from Hive 1 and 2 to 3 and 4.
 */
export function withLocationMap(configuration: HmsMirrorConfiguration, values: readonly string[]) {
  const { LEFT: left, RIGHT: right } = configuration.clusters;
  const becomeExternal = left !== undefined && right !== undefined && isLegacy(left) && !isLegacy(right);
  const entries = values.flatMap((value) => value.split(',').filter((entry) => entry !== ''));
  const parsed = entries.map((entry) => ({ entry, mapped: parseEntry(entry, becomeExternal) }));
  const problems = parsed.filter(({ mapped }) => mapped === undefined).map(({ entry }) => `--global-location-map ${entry}: ${EXPECTED}`);
  const userGlobalLocationMap = parsed
    .flatMap(({ mapped }) => mapped ?? [])
    .reduce<Readonly<Record<string, Kinds>>>(
      (map, { from, kinds }) => ({ ...map, [from]: { ...map[from], ...kinds } }),
      configuration.translator.userGlobalLocationMap,
    );
  return { configuration: { ...configuration, translator: { ...configuration.translator, userGlobalLocationMap } }, problems };
}

function parseEntry(entry: string, becomeExternal: boolean): { readonly from: string; readonly kinds: Kinds } | undefined {
  const [, typedFrom, kind, to = ''] = /^([^=]+)=(EXTERNAL_TABLE|MANAGED_TABLE):(.+)$/.exec(entry) ?? [];
  if (typedFrom !== undefined) return { from: typedFrom, kinds: kind === 'MANAGED_TABLE' ? { MANAGED_TABLE: to } : { EXTERNAL_TABLE: to } };
  const [, from, external = '', managed] = /^([^=]+)=([^:]*)(?::([^:]*))?$/.exec(entry) ?? [];
  if (from === undefined || (external === '' && (managed === undefined || managed === ''))) return undefined;
  return {
    from,
    kinds: {
      ...(external === '' ? {} : { EXTERNAL_TABLE: external }),
      ...(managed === undefined || managed === '' ? {} : { MANAGED_TABLE: managed }),
      ...(managed === undefined && becomeExternal ? { MANAGED_TABLE: external } : {}),
    },
  };
}
