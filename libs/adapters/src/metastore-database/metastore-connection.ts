/** A row of the metastore's database: texts, numbers as texts, flags. */
export type MetastoreRow = Readonly<Record<string, string | boolean | null>>;

/** Asks one statement; parameters in the order of their places in it. */
export type AskRows = (statement: string, parameters: readonly (string | readonly string[])[]) => Promise<readonly MetastoreRow[]>;

/** The metastore's database, of whichever product. */
export interface MetastoreConnections {
  readonly dialect: SqlDialect;
  readonly size: number;
  /** All statements of `work` see one state of the database, and none of them can change it. */
  inSnapshot<T>(work: (ask: AskRows) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** Where the products' SQL differs in what is asked here; names are in double quotes in both. */
export interface SqlDialect {
  /** The nth parameter of a statement, from 1. */
  readonly parameter: (position: number) => string;
  /** True for rows whose column is in the list that is the nth parameter. */
  readonly oneOf: (column: string, position: number) => string;
  /** The column, compared and ordered by its characters' codes. */
  readonly byCode: (column: string) => string;
}
