/** What a copy of a table is for, and how it differs from the table. */
export interface Rewrite {
  /** `transfer`: a copy on the source without transactions; `shadow`: a table of the target over the source's or the transfer's files. */
  readonly role: 'target' | 'transfer' | 'shadow';
  /** Managed tables of Hive 1 and 2 become external. */
  readonly upgrade?: boolean;
  readonly makeExternal?: boolean;
  readonly makeNonTransactional?: boolean;
  /** Hive places it: CREATE of a transactional table takes no LOCATION. */
  readonly stripLocation?: boolean;
  readonly replaceLocation?: boolean;
  readonly takeOwnership?: boolean;
}
