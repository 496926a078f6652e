/** A row of the metastore's database: texts, numbers as texts, flags. */
export type MetastoreRow = Readonly<Record<string, string | boolean | null>>;

/** Ids are numbers of their own kind: some products compare a number with a text by making a number of each row's. */
export type StatementParameter = string | bigint | readonly string[] | readonly bigint[];

/** Asks one statement; parameters in the order of their places in it. */
export type AskRows = (statement: string, parameters: readonly StatementParameter[]) => Promise<readonly MetastoreRow[]>;

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
  /** The nth parameter of a statement, from 1. Each is named once, and in their order. */
  readonly parameter: (position: number) => string;
  /** True for rows whose column is in the list that is the nth parameter. */
  readonly oneOf: (column: string, position: number) => string;
  /** The column, compared and ordered by its characters' codes. */
  readonly byCode: (column: string) => string;
  /** True for rows of the information schema that tell of the metastore's own tables, by the column that holds their schema. */
  readonly isOurs: (column: string) => string;
}

/** What the client library of one product does. */
export interface DatabaseDriver {
  readonly dialect: SqlDialect;
  /** What opens a transaction that is read only and sees one state. */
  readonly begin: readonly string[];
  /** @throws what the library throws */
  connect(): Promise<DriverConnection>;
  close(): Promise<void>;
}

/** One connection out of a pool. */
export interface DriverConnection {
  /** @throws what the library throws */
  query(statement: string, parameters: readonly StatementParameter[]): Promise<readonly MetastoreRow[]>;
  /** Gives it back; a broken one is closed. */
  release(isBroken: boolean): void;
}
