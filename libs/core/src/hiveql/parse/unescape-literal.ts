/**
 * The text that one or more quoted literals side by side mean.
 *
 * Copied behaviour: `BaseSemanticAnalyzer.unescapeSQLString`, Hive 4.0.1, with one difference: Hive's SHOW CREATE TABLE prints a form
 * feed as `\f`, which Hive itself would read as the letter.
 */
export function unescapeLiteral(literals: string): string {
  return literals.replaceAll(PIECE, (piece, inSingle: string | undefined, inDouble: string | undefined) => {
    const text = inSingle ?? inDouble ?? piece;
    return text.includes('\\') ? text.replaceAll(ESCAPE, (_, escape: string) => meaningOf(escape)) : text;
  });
}

const PIECE = /'([^'\\]*(?:\\.[^'\\]*)*)'|"([^"\\]*(?:\\.[^"\\]*)*)"/gs;
const ESCAPE = /\\(u[0-9a-fA-F]{4}|[01][0-7]{2}|.)/gs;

const NAMED: Readonly<Record<string, string>> = {
  '0': '\0',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  Z: '\u001a',
  '%': String.raw`\%`,
  _: String.raw`\_`,
};

function meaningOf(escape: string): string {
  if (escape.length === 5) return String.fromCharCode(Number.parseInt(escape.slice(1), 16));
  if (escape.length === 3) return String.fromCharCode(Number.parseInt(escape, 8));
  return NAMED[escape] ?? escape;
}
