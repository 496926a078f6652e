/**
 * Why `SET key=value` would not be one statement that sets just this; undefined when it would be. HiveQL has no quotes for it: what
 * ends a statement, opens a literal or begins a comment for the client that splits a script cannot be said.
 */
export function faultOfSetting(key: string, value: string | undefined): string | undefined {
  if (!/^[A-Za-z][\w.:-]*$/.test(key)) return 'its name holds other characters than letters, digits and . _ : -';
  if (value === undefined) return undefined;
  if (/[\u0000-\u001f\u007f\u0085\u2028\u2029]/.test(value)) return 'its value holds a line break or another control character';
  if (value.includes(';')) return 'its value holds a semicolon, which ends the statement';
  if (value.includes('--')) return 'its value holds --, which begins a comment';
  return hasOpenQuote(value) ? 'its value opens a quote and does not close it' : undefined;
}

function hasOpenQuote(value: string): boolean {
  const rest = value.replaceAll(/'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|`[^`]*`/g, '');
  return /['"`]/.test(rest);
}
