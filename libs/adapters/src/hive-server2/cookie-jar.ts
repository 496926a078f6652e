/** The cookies of one server at one path: each name once, the newest value. */
export class CookieJar {
  readonly #cookies: Map<string, string>;

  constructor(cookies: Readonly<Record<string, string>>) {
    this.#cookies = new Map(Object.entries(cookies));
  }

  /** @param lines as `Set-Cookie` has them; attributes are let go, but one that ends the cookie counts */
  keep(lines: readonly string[]): void {
    for (const line of lines) {
      const [pair = '', ...attributes] = line.split(';');
      const equals = pair.indexOf('=');
      if (equals < 1) continue;
      const name = pair.slice(0, equals).trim();
      if (attributes.some((attribute) => /^\s*max-age\s*=\s*-?0*\s*$/i.test(attribute))) this.#cookies.delete(name);
      else this.#cookies.set(name, pair.slice(equals + 1).trim());
    }
  }

  /** @returns undefined when there is none */
  header(): string | undefined {
    return this.#cookies.size === 0 ? undefined : [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  }
}
