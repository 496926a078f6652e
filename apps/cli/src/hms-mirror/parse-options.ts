import { nearest } from '../../../../libs/contracts/src/nearest.ts';
import { PEER_OPTIONS, PEER_PROPERTIES } from './option-table.ts';
import type { PeerOption, PeerPropertyName } from './option-table.ts';

/** One option as it was given; `value` is `true` where an option without argument stands. */
export interface GivenOption {
  readonly name: PeerPropertyName;
  readonly value: string;
  /** As written, for messages. */
  readonly written: string;
}

export interface ParsedOptions {
  readonly options: readonly GivenOption[];
  readonly problems: readonly string[];
}

const PROPERTY_PREFIX = 'hms-mirror.config.';

/** Properties of Spring that belong to hms-mirror's own server; nothing here has a use for them. */
const FOREIGN_PROPERTIES = /^(?:server|spring|logging|hikari|dbcp2|management|hadoop)\./;

/** Properties whose names are not those of their options. */
const OTHER_PROPERTIES: Readonly<Record<string, PeerPropertyName>> = {
  'hms-mirror.config.filename': 'config',
  'hms-mirror.conversion.test-filename': 'load-test-data',
  'hms-mirror.concurrency.max-threads': 'concurrency',
};

/** Reads a command line as hms-mirror does: `-short` and `--long`, `--long=value`, and the start script's `--hadoop-classpath`. */
export function parseOptions(argv: readonly string[]): ParsedOptions {
  const options: GivenOption[] = [];
  const problems: string[] = [];
  for (let index = 0; index < argv.length; index += 1) {
    const word = argv[index] ?? '';
    if (word === '--hadoop-classpath' || word === '-hadoop-classpath') continue;
    const taken = takeOption(word, argv[index + 1]);
    if (typeof taken === 'string') {
      problems.push(taken);
      // What follows an unknown option may be its value; one message is enough.
      if (word.startsWith('-') && argv[index + 1]?.startsWith('-') === false) index += 1;
    } else {
      index += taken.words - 1;
      options.push(...taken.options);
    }
  }
  const passed = options.map((option) => (option.name === 'pass-through' ? passThrough(option) : option));
  const given = passed.filter((option) => typeof option !== 'string').filter((option) => option !== undefined);
  return { options: given, problems: [...problems, ...passed.filter((option) => typeof option === 'string')] };
}

interface Taken {
  readonly options: readonly GivenOption[];
  readonly words: number;
}

function takeOption(word: string, next: string | undefined): Taken | string {
  const [, name, inline] = /^--?([^=]+)(?:=(.*))?$/s.exec(word) ?? [];
  if (name === undefined) return `${word}: not an option; options start with - or --, see ferry hms-mirror --help`;
  const option = optionNamed(name);
  if (option === undefined) return unknownOption(word, name);
  const given = { name: option.long, written: word };
  if (option.argument === undefined) {
    return inline === undefined ? { options: [{ ...given, value: 'true' }], words: 1 } : `${word}: ${nameOf(option)} takes no value`;
  }
  if (inline !== undefined) return { options: [{ ...given, value: inline }], words: 1 };
  if (next !== undefined && !isOption(next)) return { options: [{ ...given, value: next }], words: 2 };
  return option.optional === true ? { options: [{ ...given, value: 'true' }], words: 1 } : `${word}: expected a value, ${option.argument}`;
}

type TableRow = PeerOption & (typeof PEER_OPTIONS)[number];

function optionNamed(name: string): TableRow | undefined {
  return PEER_OPTIONS.find(({ short, long }) => short === name || long === name);
}

/** A value may begin with a hyphen (`-ap -1`) as long as it is no option. */
function isOption(word: string): boolean {
  const [, name] = /^--?([A-Za-z][^=]*)/.exec(word) ?? [];
  return name !== undefined && (word.startsWith('--') || optionNamed(name) !== undefined);
}

function unknownOption(word: string, name: string): string {
  const names = PEER_OPTIONS.flatMap(({ short, long }) => [short, long]);
  const near = nearest(name, name.length > 5 ? names.filter((known) => known.length > 5) : names);
  return `${word}: no option of that name${near === undefined ? '; see ferry hms-mirror --help' : `; did you mean ${near.length > 5 ? '--' : '-'}${near}?`}`;
}

/** The option that `-pt key=value` stands for, undefined when it has no meaning here, or what is wrong with it. */
function passThrough({ value, written }: GivenOption): GivenOption | string | undefined {
  const [, key = '', inner] = /^([^=]*)(?:=(.*))?$/s.exec(value) ?? [];
  const source = `${written} ${value}`;
  if (inner === undefined) return `${source}: expected key=value`;
  if (FOREIGN_PROPERTIES.test(key)) return undefined;
  const name = propertyNamed(key);
  if (name !== undefined) return { name, value: inner, written: source };
  const names = [...PEER_OPTIONS.map(({ long }) => long), ...PEER_PROPERTIES].map((known) => `${PROPERTY_PREFIX}${known}`);
  const near = nearest(key, [...names, ...Object.keys(OTHER_PROPERTIES)]);
  return `${source}: no property of that name${near === undefined ? `; expected ${PROPERTY_PREFIX}<option>` : `; did you mean ${near}?`}`;
}

function propertyNamed(key: string): PeerPropertyName | undefined {
  if (!key.startsWith(PROPERTY_PREFIX)) return OTHER_PROPERTIES[key];
  const name = key.slice(PROPERTY_PREFIX.length);
  return PEER_OPTIONS.find(({ long }) => long === name)?.long ?? PEER_PROPERTIES.find((known) => known === name) ?? OTHER_PROPERTIES[key];
}

function nameOf({ short, long }: PeerOption): string {
  return `-${short} (--${long})`;
}
