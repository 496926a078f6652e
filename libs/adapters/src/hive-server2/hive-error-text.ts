const LONGEST = 600;

/** What Hive puts before the cause: which phase failed, and by which class. With code 40000 (Hive 4) only what follows tells anything. */
const PREFIXES = [
  /^Error while (?:compiling|processing) statement:\s*/,
  /^FAILED:\s*/,
  /^Execution Error, return code -?\d+ from [\w.$]+\.\s+(?=\S)/,
  /^Error running query:\s*/,
  // A Java class name before its message, `Error` and `Exception` of Hive's parser included: `org.apache...HiveException: `.
  /^(?:[a-z][\w$]*\.)+[A-Z][\w$]*(?:Exception|Error):\s*/,
  /^SemanticException\s+(?=\[Error)/,
];

/** `MetaException(message:...)` is how Java prints a Thrift exception. */
const THRIFT_EXCEPTION = /\b([A-Z]\w*Exception)\(message:(.*?)\)(?=\s|$|;|,)/gs;

/** One readable line of what went wrong, from the text HiveServer2 gives: without phases, class names and stack traces. */
export function causeOf(text: string): string {
  const oneLine = withoutStack(text).replaceAll(/\s+/g, ' ').trim();
  const cause = withoutPrefixes(oneLine).replaceAll(THRIFT_EXCEPTION, '$1: $2').trim();
  const known = cause === '' ? oneLine : cause;
  if (known === '') return 'Hive gave no reason';
  return known.length > LONGEST ? `${known.slice(0, LONGEST)}...` : known;
}

function withoutStack(text: string): string {
  return text
    .split('\n')
    .filter((line) => !/^\s+at [\w.$<>/]+\(/.test(line) && !/^\s*\.\.\. \d+ more/.test(line))
    .join('\n');
}

function withoutPrefixes(text: string): string {
  const shorter = PREFIXES.reduce((rest, prefix) => rest.replace(prefix, ''), text);
  return shorter === text ? text : withoutPrefixes(shorter);
}
