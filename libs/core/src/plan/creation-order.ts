import { isView } from '../inventory/table-kind.ts';
import type { TablePair } from '../model/data-set.ts';
import { tablesOfView } from '../translate/view-tables.ts';

/** Tables first, in their order, then views, each after the views of the same database that it reads. */
export function creationOrder(pairs: readonly TablePair[], database: string): readonly TablePair[] {
  const views = pairs.filter(isViewPair);
  const byName = new Map(views.map((pair) => [pair.name, pair]));
  const ordered = new Map<string, TablePair>();
  const open = new Set<string>();
  const visit = (pair: TablePair): void => {
    // A view that reads itself through others cannot be: Hive refuses it. Damaged texts must not end in a loop.
    if (ordered.has(pair.name) || open.has(pair.name)) return;
    open.add(pair.name);
    for (const name of readBy(pair, database)) {
      const read = byName.get(name);
      if (read !== undefined) visit(read);
    }
    ordered.set(pair.name, pair);
  };
  views.forEach(visit);
  return [...pairs.filter((pair) => !isViewPair(pair)), ...ordered.values()];
}

function isViewPair({ source, target }: TablePair): boolean {
  const table = source?.table ?? target?.table;
  return table !== undefined && isView(table);
}

function readBy({ source }: TablePair, database: string): readonly string[] {
  const text = source?.table.viewExpandedText ?? source?.table.viewOriginalText ?? '';
  return tablesOfView(text).flatMap((name) => (name.database === database ? [name.table] : []));
}
