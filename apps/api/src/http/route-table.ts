interface Route {
  readonly method: string;
  readonly pattern: RegExp;
}

/** Which methods a path has, to tell 405 from 404. */
export class RouteTable {
  private readonly routes: Route[] = [];

  /** @param url as find-my-way writes it */
  add(method: string, url: string): void {
    this.routes.push({ method, pattern: patternOf(url) });
  }

  methodsOf(path: string): readonly string[] {
    return [...new Set(this.routes.filter((route) => route.pattern.test(path)).map((route) => route.method))].sort();
  }
}

function patternOf(url: string): RegExp {
  const parts = url.split(/(:\w+\(\^\[\^\/:\]\+\)|::|:\w+|\*)/).map((part) => {
    if (part === '::') return ':';
    if (part === '*') return '.+';
    if (part.startsWith(':')) return '[^/:]+';
    return part.replace(/[.+?^${}()|[\]\\]/g, '\\$&');
  });
  return new RegExp(`^${parts.join('')}$`);
}
