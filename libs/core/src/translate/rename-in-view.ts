import { displayName } from '../model/table.ts';
import { identifier } from '../hiveql/quote.ts';
import { tablesOfView } from './view-tables.ts';

/** A string literal, or a qualified name: two identifiers, each quoted or bare. */
const TOKEN =
  /'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|(?:`(?<quoted>(?:[^`]|``)+)`|(?<![\w$.`])(?<bare>[A-Za-z_]\w*))(?<rest>\s*\.\s*(?:`(?<quotedNext>(?:[^`]|``)+)`|(?<bareNext>\w+)))/gs;

/**
 * A view's text with new names of databases, wherever it names a table of theirs that it reads. String literals stay as they are,
 * and so do aliases that are called like a database.
 *
 * @param rename the new name of a database; the same name for one that keeps its own
 */
export function renameDatabasesIn(text: string, rename: (database: string) => string): string {
  const read = new Set(tablesOfView(text).map(displayName));
  return text.replace(TOKEN, (whole: string, ...others: readonly unknown[]) => {
    const { quoted, bare, rest = '', quotedNext, bareNext } = groupsOf(others);
    const database = unquoted(quoted) ?? bare;
    const table = unquoted(quotedNext) ?? bareNext;
    if (database === undefined || table === undefined || !read.has(displayName({ database, table }))) return whole;
    const renamed = rename(database);
    return renamed === database ? whole : `${identifier(renamed)}${rest}`;
  });
}

type Groups = Readonly<Record<string, string | undefined>>;

/** The named groups are the last argument of a replacer. */
function groupsOf(others: readonly unknown[]): Groups {
  const last = others.at(-1);
  return isGroups(last) ? last : {};
}

function isGroups(value: unknown): value is Groups {
  return typeof value === 'object' && value !== null;
}

function unquoted(name: string | undefined): string | undefined {
  return name?.replaceAll('``', '`');
}
