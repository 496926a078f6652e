/** Inline code, also within a table's cell: line feeds and backticks cannot stand there. */
export function code(text: string): string {
  return `\`${plain(text)
    .replaceAll('`', "'")
    .replaceAll('|', String.raw`\|`)}\``;
}

/** Text that is no markup. */
export function plain(text: string): string {
  return text.replaceAll(/\s+/g, ' ').replaceAll('<', '&lt;');
}
