/** A word of a command: text that is quoted, or a variable of the script in double quotes. */
export type ShellWord = string | { readonly variable: string };

/** One command on one line. */
export type ShellCommand = readonly ShellWord[];

/** A POSIX shell script as a tree: what is not `library` may hold anything and is quoted by the printer. */
export type ShellNode =
  | { readonly kind: 'library'; readonly text: string }
  | { readonly kind: 'comment'; readonly text: string }
  | { readonly kind: 'assignment'; readonly name: string; readonly value: string }
  | { readonly kind: 'function'; readonly name: string; readonly body: readonly ShellCommand[] };

/** The only printer of shell: node after node, so that a long script need not be in memory. */
export function* printShell(nodes: Iterable<ShellNode>): Generator<string> {
  for (const node of nodes) yield `${nodeText(node)}\n`;
}

/** Our own shell text, as written but for `$\{`, which TypeScript would take for its own. */
export function shellText({ raw }: TemplateStringsArray): string {
  return raw.join('').replaceAll(String.raw`$\{`, '${');
}

/** Text for a comment: control characters would end the line. */
export function commentText(text: string): string {
  return text.replaceAll(/[\u0000-\u001f\u007f]/g, ' ');
}

function nodeText(node: ShellNode): string {
  switch (node.kind) {
    case 'library':
      return node.text;
    case 'comment':
      return `# ${commentText(node.text)}`;
    case 'assignment':
      return `${node.name}=${shellWord(node.value)}`;
    case 'function':
      return `${node.name}() {\n${node.body.map((command) => `  ${command.map(shellWord).join(' ')}\n`).join('')}}\n`;
  }
}

/** As POSIX sh reads it back: plain where nothing in it is special, else in single quotes. */
function shellWord(word: ShellWord): string {
  if (typeof word !== 'string') return `"$${word.variable}"`;
  return /^[A-Za-z0-9_/:=.,@%+-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
