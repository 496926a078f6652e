import type { Column, Table } from '../model/table.ts';
import { commentClause, lines, propertiesClause } from './create-table.ts';
import { identifier, literal, qualified } from './quote.ts';

/**
 * `CREATE VIEW IF NOT EXISTS` over the view's own text.
 *
 * The column list is printed only when a column has a comment: with a list Hive wraps the text into another SELECT.
 */
export function createView(view: Table): string {
  const { columns } = view.storage;
  const commented = columns.some((column) => column.comment !== undefined);
  return lines([
    `CREATE VIEW IF NOT EXISTS ${qualified({ database: view.database, table: view.name })}`,
    commented ? `(\n${columns.map((column) => `  ${columnText(column)}`).join(',\n')})` : undefined,
    commentClause(view.parameters),
    propertiesClause(view.parameters),
    `AS ${view.viewOriginalText ?? ''}`,
  ]);
}

/** What SHOW CREATE TABLE says of a materialised view on Hive 4; Hive 3 prints it as if it were a table. None is made by us. */
export function shownMaterializedView({ database, name: table, viewOriginalText = '' }: Table): string {
  return `CREATE MATERIALIZED VIEW ${qualified({ database, table })} AS\n${viewOriginalText}`;
}

/** Types are not said: a view takes them from its query. */
function columnText({ name, comment }: Column): string {
  return `${identifier(name)}${comment === undefined ? '' : ` COMMENT ${literal(comment)}`}`;
}
