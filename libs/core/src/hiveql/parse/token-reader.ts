import { ddlFault } from './ddl-error.ts';
import type { DdlFault } from './ddl-error.ts';
import { tokenAt } from './tokens.ts';
import type { Token } from './tokens.ts';

/** Reads the tokens of one statement from left to right, one ahead; what is not asked for as a token is never tokenised. */
export class TokenReader {
  readonly #source: string;
  #next: Token;
  #end = 0;

  constructor(source: string) {
    this.#source = source;
    this.#next = tokenAt(source, 0);
  }

  get next(): Token {
    return this.#next;
  }

  take(): Token {
    const token = this.#next;
    this.#end = token.end;
    this.#next = tokenAt(this.#source, token.end);
    return token;
  }

  /** True when the next token is this keyword (any case, unquoted). */
  isAt(keyword: string): boolean {
    return this.#next.kind === 'word' && this.#next.text.toUpperCase() === keyword;
  }

  /** True when these two keywords come next. */
  isAtPair(first: string, second: string): boolean {
    if (!this.isAt(first)) return false;
    const { kind, text } = tokenAt(this.#source, this.#next.end);
    return kind === 'word' && text.toUpperCase() === second;
  }

  isAtEmptyList(): boolean {
    return this.isAtSymbol('(') && tokenAt(this.#source, this.#next.end).text === ')';
  }

  isAtSymbol(symbol: string): boolean {
    return this.#next.kind === 'symbol' && this.#next.text === symbol;
  }

  /** Takes all the keywords, or nothing when the first is not the next token; after the first the others must follow. */
  accept(...keywords: readonly string[]): boolean {
    const [first, ...others] = keywords;
    if (first === undefined || !this.isAt(first)) return false;
    this.take();
    others.forEach((keyword) => {
      this.expect(keyword);
    });
    return true;
  }

  acceptSymbol(symbol: string): boolean {
    if (!this.isAtSymbol(symbol)) return false;
    this.take();
    return true;
  }

  expect(keyword: string): void {
    if (!this.isAt(keyword)) throw this.fault(keyword);
    this.take();
  }

  expectSymbol(symbol: string): void {
    if (!this.isAtSymbol(symbol)) throw this.fault(`\`${symbol}\``);
    this.take();
  }

  string(what: string): string {
    if (this.#next.kind !== 'string') throw this.fault(`${what} in quotes`);
    return this.take().text;
  }

  identifier(what: string): string {
    if (this.#next.kind !== 'quoted' && this.#next.kind !== 'word') throw this.fault(what);
    return this.take().text;
  }

  /** The text as it stands from an offset to the end of the token taken last. */
  since(start: number): string {
    return this.#source.slice(start, this.#end);
  }

  /** White space between the token taken last and the next one. */
  gap(): string {
    return this.#source.slice(this.#end, this.#next.start);
  }

  /** Everything after the next token, untokenised: a view's query may hold what is no token of ours. Nothing is left to read. */
  restAfter(): string {
    const rest = this.#source.slice(this.#next.end);
    this.#end = this.#source.length;
    this.#next = { kind: 'end', text: '', start: this.#end, end: this.#end };
    return rest;
  }

  /** @param at the token that is wrong. @default the next one */
  fault(expected: string, at: Token = this.#next): DdlFault {
    return ddlFault(this.#source, at.start, { expected, found: describe(at) });
  }
}

function describe({ kind, text }: Token): string {
  if (kind === 'end') return 'the end of the text';
  const shown = text.length > 40 ? `${text.slice(0, 40)}...` : text;
  return kind === 'string' ? `the text '${shown}'` : `\`${shown}\``;
}
