import { compareText, objectChanges, tableChanges } from '@hiveferry/core';
import type { Change } from '@hiveferry/core';
import { EXIT_CODES } from '../../../../libs/contracts/src/exit-codes.ts';
import type { ExitCode } from '../../../../libs/contracts/src/exit-codes.ts';
import { parseCommand } from '../command-options.ts';
import { openLive, readSnapshot } from '../live.module.ts';
import type { Terminal } from '../terminal.ts';
import { entriesOf, livePieces, snapshotPieces } from './entries.ts';
import type { Entry } from './entries.ts';
import { isLive, liveClusterOf, refused } from './place.ts';

const HELP = `ferry diff: what differs between two snapshots, or between a snapshot and a live metastore.

  ferry diff FROM TO [--json] [--database NAME]

  FROM, TO              a snapshot that ferry snapshot wrote, or a live side: thrift://HOST:PORT,
                        jdbc:hive2://HOST:PORT/;auth=noSasl, jdbc:postgresql://HOST:PORT/DATABASE?user=NAME (or jdbc:mysql), or a cluster file (.yaml)
  --database NAME       only this one; may be said several times. Without it all of the snapshot, or all of two live sides
  --password-ref REF    where the password of a live side's user is: env:NAME or file:/path
  --json                one JSON value a line: {"change":"added|gone|changed","kind":"database|table","name":..,"changes":[..]}

Statistics and times, which Hive writes by itself, are no difference.
Exit codes: 0 equal, 1 they differ, 2 an argument or a file is wrong, 4 a live side cannot be reached.`;

const OPTIONS = {
  json: { type: 'boolean' },
  database: { type: 'string', multiple: true },
  'password-ref': { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const;

/** They differ: the same number as for a table that is not VERIFIED. */
const DIFFERENT = EXIT_CODES.notVerified;

interface Difference {
  readonly change: 'added' | 'gone' | 'changed';
  readonly kind: Entry['kind'];
  readonly name: string;
  readonly changes: readonly Change[];
}

/** `ferry diff`. */
export async function diffCommand(argv: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const { values, positionals } = parseCommand('ferry diff', { args: [...argv], options: OPTIONS, allowPositionals: true });
  if (values.help === true) {
    terminal.out(HELP);
    return EXIT_CODES.done;
  }
  const [from, to, ...more] = positionals;
  if (from === undefined || to === undefined || more.length > 0)
    throw refused('ferry diff', 'ferry diff: expected two sides, FROM and TO; --help says more');
  const options = { databases: values.database, passwordRef: values['password-ref'] };
  const databases = options.databases ?? (await databasesOf([from, to]));
  const sides = [from, to].map((text) => openSide(text, { ...options, databases }));
  const seen = new Set<string>();
  const [before, after] = sides.map(({ entries }) => noting(entries, seen));
  try {
    const differences = differencesOf(before ?? none(), after ?? none());
    return await report(ofDatabases(differences, options.databases ?? [], seen), { isJson: values.json === true, terminal });
  } finally {
    for (const side of sides) await side.close();
  }
}

interface Side {
  readonly entries: AsyncIterable<Entry>;
  readonly close: () => Promise<void>;
}

interface SideOptions {
  /** Undefined for all. */
  readonly databases: readonly string[] | undefined;
  readonly passwordRef: string | undefined;
}

async function* none(): AsyncGenerator<never> {
  // A side that is not there has nothing.
}

function openSide(text: string, { databases, passwordRef }: SideOptions): Side {
  if (!isLive(text)) return { entries: selected(entriesOf(snapshotPieces(readSnapshot(text))), databases), close: async () => undefined };
  const reader = openLive(liveClusterOf(text, passwordRef).place);
  const pieces = async function* (): ReturnType<typeof livePieces> {
    yield* livePieces(reader, { databases: databases ?? (await reader.databaseNames()) });
  };
  return { entries: entriesOf(pieces()), close: () => reader.close() };
}

async function* selected(entries: AsyncIterable<Entry>, databases: readonly string[] | undefined): AsyncGenerator<Entry> {
  for await (const entry of entries) {
    const database = entry.kind === 'database' ? entry.name : entry.table.database;
    if (databases === undefined || databases.includes(database)) yield entry;
  }
}

async function* noting(entries: AsyncIterable<Entry>, seen: Set<string>): AsyncGenerator<Entry> {
  for await (const entry of entries) {
    if (entry.kind === 'database') seen.add(entry.name);
    yield entry;
  }
}

/** A database that neither side has is a slip of the pen, not equal. */
async function* ofDatabases(
  differences: AsyncIterable<Difference>,
  asked: readonly string[],
  seen: Set<string>,
): AsyncGenerator<Difference> {
  yield* differences;
  const missing = asked.filter((name) => !seen.has(name));
  if (missing.length > 0) throw refused('--database', `ferry diff: neither side has a database ${missing.join(', ')}`);
}

/** A live side is asked only for what the snapshot holds. */
async function databasesOf(sides: readonly string[]): Promise<readonly string[] | undefined> {
  const snapshot = sides.find((text) => !isLive(text));
  if (snapshot === undefined || sides.every((text) => !isLive(text))) return undefined;
  const names: string[] = [];
  for await (const line of readSnapshot(snapshot)) if (line.type === 'database' && line.side === 'source') names.push(line.database.name);
  return names;
}

/** Both sides come in one order, so that one object of each is held. */
async function* differencesOf(from: AsyncIterable<Entry>, to: AsyncIterable<Entry>): AsyncGenerator<Difference> {
  const [left, right] = [from[Symbol.asyncIterator](), to[Symbol.asyncIterator]()];
  let [before, after] = [await left.next(), await right.next()];
  while (before.done !== true || after.done !== true) {
    const order = orderOf(before, after);
    if (order < 0 && before.done !== true) yield { change: 'gone', ...headOf(before.value), changes: [] };
    if (order > 0 && after.done !== true) yield { change: 'added', ...headOf(after.value), changes: [] };
    if (order === 0 && before.done !== true && after.done !== true) yield* changed(before.value, after.value);
    if (order <= 0) before = await left.next();
    if (order >= 0) after = await right.next();
  }
}

type Step = IteratorResult<Entry, unknown>;

function orderOf(before: Step, after: Step): number {
  if (before.done === true) return 1;
  if (after.done === true) return -1;
  return compareText(keyOf(before.value), keyOf(after.value));
}

/** A database stands before its tables, and its tables before the next one. */
function keyOf(entry: Entry): string {
  return entry.kind === 'database' ? `${entry.name}\0` : `${entry.table.database}\0${entry.table.name}`;
}

const headOf = ({ kind, name }: Entry): Pick<Difference, 'kind' | 'name'> => ({ kind, name });

function* changed(before: Entry, after: Entry): Generator<Difference> {
  const changes = changesOf(before, after);
  if (changes.length > 0) yield { change: 'changed', ...headOf(before), changes };
}

function changesOf(before: Entry, after: Entry): readonly Change[] {
  if (before.kind === 'table' && after.kind === 'table') return tableChanges(before, after);
  if (before.kind === 'database' && after.kind === 'database') {
    return objectChanges({ ...before.database, functions: before.functions }, { ...after.database, functions: after.functions });
  }
  return [];
}

const SHOWN = 20;

async function report(
  differences: AsyncIterable<Difference>,
  { isJson, terminal }: { readonly isJson: boolean; readonly terminal: Terminal },
): Promise<ExitCode> {
  const counts = { added: 0, gone: 0, changed: 0 };
  for await (const difference of differences) {
    counts[difference.change] += 1;
    for (const line of isJson ? [JSON.stringify(difference)] : linesOf(difference)) terminal.out(line);
  }
  const total = counts.added + counts.gone + counts.changed;
  if (!isJson) terminal.out(total === 0 ? 'equal' : `${counts.added} added, ${counts.gone} gone, ${counts.changed} changed`);
  return total === 0 ? EXIT_CODES.done : DIFFERENT;
}

const SIGNS = { added: '+', gone: '-', changed: '~' } as const;

function linesOf({ change, kind, name, changes }: Difference): readonly string[] {
  const shown = changes.slice(0, SHOWN).map(({ field, from, to }) => `    ${field}: ${shownValue(from)} -> ${shownValue(to)}`);
  const more = changes.length > SHOWN ? [`    and ${changes.length - SHOWN} more (all of them with --json)`] : [];
  return [`${SIGNS[change]} ${kind} ${name}`, ...shown, ...more];
}

const shownValue = (value: string | undefined): string => (value === undefined ? 'absent' : JSON.stringify(value));
