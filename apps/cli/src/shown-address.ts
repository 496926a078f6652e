/** An address of a database as it may be shown: without user and password, which may stand before the host, and without options. */
export function shownAddress(text: string): string {
  if (!text.startsWith('jdbc:')) return text;
  return text.replace(/[?;].*$/s, '').replace(/^(jdbc:\w+:(?:\/\/)?).*@/s, '$1*****@');
}
