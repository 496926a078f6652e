import type { Issue } from '../model/issue.ts';
import type { Decision } from '../model/plan.ts';

/** What a report says of a run before its tables are known. */
export interface ReportFacts {
  /** E.g. `sales to lake`. */
  readonly title: string;
  /** What the run was asked for, in the order to be shown: `['Strategy', 'SCHEMA_ONLY']`. */
  readonly asked: readonly (readonly [label: string, value: string])[];
  /** Names of the two sides as the reader knows them. */
  readonly sides: Readonly<Record<'source' | 'target', string>>;
}

export interface ReportedIssue {
  readonly code: string;
  readonly severity: Issue['severity'] | 'hazard' | 'failure';
  readonly text: string;
  readonly advice: string;
}

export interface ReportedCopy {
  readonly source: string;
  readonly target: string;
  readonly runsAt: 'source' | 'target';
}

/** One table on one target, as a report shows it. */
export interface ReportedTable {
  readonly database: string;
  readonly name: string;
  /** `database.table` on the target; several targets: with the cluster before it. */
  readonly target: string;
  /** Decision of a plan, or state of a run: `MIGRATE`, `REFUSED`, `VERIFIED`. */
  readonly state: string;
  readonly strategy: string;
  readonly decisions: readonly Decision[];
  readonly issues: readonly ReportedIssue[];
  readonly copies: readonly ReportedCopy[];
  /** DDL of the source; absent when it is not known. */
  readonly sourceDdl?: string;
  /** Statements by side, without closing semicolons. */
  readonly statements: Readonly<Record<'source' | 'target', readonly string[]>>;
  /** What was counted, in the order to be shown: `['files', 12]`. */
  readonly counted?: readonly (readonly [label: string, value: number | string])[];
  /** What was found when the table was proved, in words. */
  readonly proof?: readonly string[];
}

/** What is only known when all tables are. */
export interface ReportEnding {
  readonly notes: readonly ReportedIssue[];
  readonly leftOut: readonly { readonly database: string; readonly table: string; readonly reason: string }[];
}

/** A code that tables have, with what it says for the first of them. */
export interface ReportedKind extends ReportedIssue {
  readonly tables: number;
}

/** `ReportEnding` with what was counted on the way. */
export interface WholeEnding extends ReportEnding {
  readonly kinds: readonly ReportedKind[];
}

/** What the list shows of a table and the search looks at; a tuple, since there are many. */
export type ReportRow = readonly [
  database: string,
  name: string,
  target: string,
  state: string,
  strategy: string,
  issues: readonly (readonly [code: string, severity: string])[],
  copies: number,
  counted: NonNullable<ReportedTable['counted']>,
];

/** What is shown of a table when it is unfolded. */
export type ReportDetails = Pick<ReportedTable, 'decisions' | 'issues' | 'copies' | 'sourceDdl' | 'statements' | 'proof'>;

/** Tables a packed part: a browser unpacks one part to show one table. */
export const TABLES_A_PART = 200;

/** Text to Base64 of its gzip; core has no compression of its own. */
export type Pack = (text: string) => string;
