/** A view, and the names of what it reads in its own database. */
export interface ViewReads {
  readonly name: string;
  readonly reads: readonly string[];
}

/** Views, each after those that it reads, otherwise in the order given. */
export function creationOrder(views: readonly ViewReads[]): readonly string[] {
  const byName = new Map(views.map((view) => [view.name, view]));
  const ordered = new Set<string>();
  const open = new Set<string>();
  const visit = ({ name, reads }: ViewReads): void => {
    // A view that reads itself through others cannot be: Hive refuses it. Damaged texts must not end in a loop.
    if (ordered.has(name) || open.has(name)) return;
    open.add(name);
    for (const read of reads.flatMap((other) => byName.get(other) ?? [])) visit(read);
    ordered.add(name);
  };
  views.forEach(visit);
  return [...ordered];
}
