/** An argument as POSIX sh reads it back: plain where nothing in it is special, else in single quotes. */
function shellQuote(argument: string): string {
  return /^[A-Za-z0-9_/:=.,@%+-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", String.raw`'\''`)}'`;
}

/** A word of a command: text that is quoted, or a variable of the script. */
export type ShellWord = string | { readonly variable: string; readonly suffix: string };

/** One command on one line. */
export function shellCommand(words: readonly ShellWord[]): string {
  return words.map((word) => (typeof word === 'string' ? shellQuote(word) : `"$${word.variable}"${shellSuffix(word.suffix)}`)).join(' ');
}

/** Text for a comment: control characters would end the line. */
export function commentText(text: string): string {
  return text.replaceAll(/[\u0000-\u001f\u007f]/g, ' ');
}

function shellSuffix(suffix: string): string {
  return suffix === '' ? '' : shellQuote(suffix);
}
