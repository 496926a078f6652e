/** Something true about the user's table or request: a value, returned, never thrown. Texts live in `issues.ts`. */
export interface Issue {
  readonly code: string;
  readonly severity: 'note' | 'warning' | 'refusal';
  /** What it is about: `db.table`, `db.table/partition`, or a key of the request. */
  readonly subject: string;
  /** Facts that fill the text: expected, found, paths. Never secrets. */
  readonly detail: Readonly<Record<string, string | number | boolean | readonly string[]>>;
}

/** A step may hurt: the request must allow it by code. */
export interface Hazard {
  readonly code: string;
  readonly subject: string;
  readonly allowed: boolean;
  readonly detail: Readonly<Record<string, string | number | boolean | readonly string[]>>;
}
