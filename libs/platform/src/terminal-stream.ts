const LEVELS: Readonly<Record<number, string>> = { 10: 'trace', 20: 'debug', 30: 'info', 40: 'WARN', 50: 'ERROR', 60: 'FATAL' };
const HIDDEN = new Set(['level', 'time', 'msg', 'context', 'pid', 'hostname', 'req', 'res']);

/** Shows pino's JSON lines to a person: time, level, text, then the fields as `key=value`. */
export const terminalStream = {
  write(line: string): void {
    process.stdout.write(`${humanLine(line)}\n`);
  },
};

export function humanLine(line: string): string {
  const fields = fieldsOf(line);
  if (fields === undefined) return line.trimEnd();
  const { time, level, msg, context } = fields;
  const rest = Object.entries(fields).filter(([key]) => !HIDDEN.has(key));
  const shown = rest.map(([key, value]) => `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`);
  const head = [textOf(time).slice(11, 19), (LEVELS[Number(level)] ?? '').padEnd(5), textOf(context) === '' ? '' : `[${textOf(context)}]`];
  return [...head, textOf(msg), ...shown].filter((part) => part !== '').join(' ');
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

function fieldsOf(line: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}
