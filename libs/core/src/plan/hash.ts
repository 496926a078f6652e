import { canonicalJson } from '../model/canonical-json.ts';
import { sortedBy } from '../model/order.ts';
import type { DatabasePlan, TablePlan } from '../model/plan.ts';
import { displayName } from '../model/table.ts';
import type { TableName } from '../model/table.ts';

/** Makes a digest of text, e.g. SHA-256 in hex; core has no cryptography of its own. */
export type Digest = (text: string) => string;

/** What a table's plan does, as a digest. Texts for people (decisions, mappings, details of issues, the source's DDL) and statistics are not in it. */
export function tableHash(plan: TablePlan, digest: Digest): string {
  const { decisions: _decisions, mappings: _mappings, copySizes: _sizes, sourceDdl: _sourceDdl, issues, hazards, ...rest } = plan;
  return digest(
    canonicalJson({
      ...rest,
      issues: issues.map(({ code, severity, subject }) => ({ code, severity, subject })),
      hazards: hazards.map(({ code, subject, allowed }) => ({ code, subject, allowed })),
    }),
  );
}

/** The root over all table hashes and database plans of one target: what a person approves. */
export function planHash(
  tables: readonly { readonly source: TableName; readonly hash: string }[],
  databases: readonly DatabasePlan[],
  digest: Digest,
): string {
  const tableLines = sortedBy(
    tables.map(({ source, hash }) => `${canonicalJson(displayName(source))} ${hash}`),
    (line) => line,
  );
  const databaseLines = sortedBy(databases, ({ source }) => source).map(({ source, target, statements }) =>
    canonicalJson({ source, target, statements }),
  );
  return digest([...databaseLines, ...tableLines].join('\n'));
}
