import { isManaged, isPartitioned, isTransactional } from '../inventory/table-kind.ts';
import type { ScriptInput } from '../inventory/script-input.ts';
import type { UnattachedPartition } from '../model/script-plan.ts';
import type { Rewrite } from '../translate/rewrite.ts';
import { readsPartitions } from '../translate/script-rules.ts';
import { translatorOf } from '../translate/translate-place.ts';
import { strayPartitions } from './stray-partitions.ts';

/** Partitions that scripts leave to MSCK, and MSCK does not find, with the places that the rules of scripts have for them; sorted by name. */
export function unattachedPartitions(input: ScriptInput, { replaceLocation, upgrade }: Rewrite): readonly UnattachedPartition[] {
  const { source } = input.pair;
  if (source === undefined || readsPartitions(input.settings)) return [];
  if (!isPartitioned(source) || isTransactional(source.table)) return [];
  const strays = strayPartitions(source);
  if (strays.length === 0) return [];
  if (replaceLocation !== true) return strays.map(({ name, location }) => ({ name, place: location }));
  const translate = translatorOf(input);
  const kind = isManaged(source.table) && upgrade !== true ? 'managed' : 'external';
  return strays.map(({ name, location }) => {
    const translated = translate({ from: location, kind, partition: name });
    return translated.kind === 'placed' ? { name, place: translated.to } : { name };
  });
}
