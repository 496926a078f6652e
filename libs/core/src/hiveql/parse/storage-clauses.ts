import type { Parameters, SerDeInfo } from '../../model/table.ts';
import { readListOrNothing } from './names.ts';
import { FORMAT_NAMES, HANDLERS, LAZY_SIMPLE_SERDE, formatNamed } from './storage-formats.ts';
import type { StorageFormat } from './storage-formats.ts';
import type { TokenReader } from './token-reader.ts';

/** What ROW FORMAT and STORED say; absent is not said. */
export interface StorageClauses {
  readonly serde?: SerDeInfo;
  readonly format?: StorageFormat;
  readonly handler?: string;
  readonly handlerParameters?: Parameters;
  readonly storedAsSubDirectories?: true;
}

/** `('k'='v', ...)`. */
export function readProperties(reader: TokenReader): Parameters {
  return Object.fromEntries(
    readListOrNothing(reader, () => {
      const key = reader.string('a property');
      reader.expectSymbol('=');
      return [key, reader.string('a value')] as const;
    }),
  );
}

/** After ROW FORMAT. */
export function readRowFormat(reader: TokenReader): StorageClauses {
  if (reader.accept('DELIMITED')) return { serde: { serializationLib: LAZY_SIMPLE_SERDE, parameters: readDelimiters(reader) } };
  if (!reader.isAt('SERDE')) throw reader.fault('SERDE or DELIMITED');
  reader.take();
  const serializationLib = reader.string('a SerDe class');
  return { serde: { serializationLib, parameters: readSerdeProperties(reader) } };
}

/** After STORED: a format, a handler, or DIRECTORIES, which belongs to SKEWED BY. */
export function readStored(reader: TokenReader): StorageClauses {
  if (reader.accept('BY')) return readHandler(reader);
  if (!reader.isAt('AS')) throw reader.fault('AS or BY');
  reader.take();
  if (reader.accept('DIRECTORIES')) return { storedAsSubDirectories: true };
  if (reader.accept('INPUTFORMAT')) return { format: readFormatClasses(reader) };
  const format = reader.next.kind === 'word' ? formatNamed(reader.next.text) : undefined;
  if (format === undefined) throw reader.fault(`INPUTFORMAT or one of ${FORMAT_NAMES.join(', ')}`);
  reader.take();
  return { format };
}

function readFormatClasses(reader: TokenReader): StorageFormat {
  const inputFormat = reader.string('an input format class');
  reader.expect('OUTPUTFORMAT');
  const outputFormat = reader.string('an output format class');
  // Drivers of Hive 0.x, which nothing reads any more.
  if (reader.accept('INPUTDRIVER')) reader.string('a driver class');
  if (reader.accept('OUTPUTDRIVER')) reader.string('a driver class');
  return { inputFormat, outputFormat };
}

function readHandler(reader: TokenReader): StorageClauses {
  const named = reader.next.kind === 'word' ? HANDLERS[reader.next.text.toUpperCase()] : undefined;
  if (named !== undefined) reader.take();
  const handler = named ?? reader.string('a storage handler class');
  return { handler, handlerParameters: readSerdeProperties(reader) };
}

function readSerdeProperties(reader: TokenReader): Parameters {
  return reader.accept('WITH', 'SERDEPROPERTIES') ? readProperties(reader) : {};
}

/** Hive up to 2 writes `colelction.delim`; later ones read it too. */
const DELIMITERS = [
  { words: ['FIELDS', 'TERMINATED', 'BY'], keys: ['field.delim', 'serialization.format'] },
  { words: ['ESCAPED', 'BY'], keys: ['escape.delim'] },
  { words: ['COLLECTION', 'ITEMS', 'TERMINATED', 'BY'], keys: ['colelction.delim'] },
  { words: ['MAP', 'KEYS', 'TERMINATED', 'BY'], keys: ['mapkey.delim'] },
  { words: ['LINES', 'TERMINATED', 'BY'], keys: ['line.delim'] },
  { words: ['NULL', 'DEFINED', 'AS'], keys: ['serialization.null.format'] },
] as const;

function readDelimiters(reader: TokenReader): Parameters {
  const entries: (readonly [string, string])[] = [];
  for (;;) {
    const clause = DELIMITERS.find(({ words }) => reader.accept(...words));
    if (clause === undefined) return Object.fromEntries(entries);
    const value = reader.string('a delimiter');
    entries.push(...clause.keys.map((key) => [key, value] as const));
  }
}
