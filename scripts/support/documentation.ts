/** What a page of the documentation says that can be looked up: links, npm scripts, commands of ferry, keys of the configuration, paths and bodies of the HTTP API. */
import { posix } from 'node:path';

interface Page {
  /** From the root of the project, with slashes. */
  readonly file: string;
  readonly text: string;
}

/** What there is. */
export interface Known {
  /** Every page, by its file: links into pages are looked up there. */
  readonly pages: ReadonlyMap<string, string>;
  readonly exists: (file: string) => boolean;
  readonly scripts: ReadonlySet<string>;
  /** Of `ferry`. */
  readonly commands: ReadonlySet<string>;
  /** Methods in upper case, by path template as OpenAPI has it. */
  readonly operations: ReadonlyMap<string, readonly string[]>;
  /** Of the configuration. */
  readonly keys: ReadonlySet<string>;
  /** What is wrong with a body, in words. */
  readonly refusals: (json: string, kind: BodyKind) => readonly string[];
}

/** A request for a migration, a cluster to register, a cluster as it is to be from now on. */
export type BodyKind = 'migration' | 'cluster' | 'clusterChange';

interface Called {
  readonly method: string | undefined;
  readonly path: string;
}

/** @returns a line for each thing that a page names and that is not there, in the order of the page */
export function problemsOf(page: Page, known: Known): readonly string[] {
  return [wrongLinks, wrongScripts, wrongCommands, wrongKeys, wrongCalls, wrongRequests, wrongClusters].flatMap((look) =>
    look(page, known).map((problem) => `${page.file}: ${problem}`),
  );
}

function wrongLinks({ file, text }: Page, { pages, exists }: Known): readonly string[] {
  return [...withoutFences(text).matchAll(/\]\(([^)\s]+)\)/g)].flatMap(([, link = '']) => {
    if (/^[a-z]+:/.test(link)) return [];
    const [path = '', anchor] = link.split('#');
    const to = path === '' ? file : posix.join(posix.dirname(file), path);
    const linked = path === '' ? text : pages.get(to);
    if (linked === undefined && !exists(to)) return [`link to ${link}: there is no ${to}`];
    return anchor === undefined || linked === undefined || anchorsOf(linked).includes(anchor)
      ? []
      : [`link to ${link}: ${to} has no such heading`];
  });
}

/** As GitHub makes them of headings. */
function anchorsOf(text: string): readonly string[] {
  return [...withoutFences(text).matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\- _]/gu, '')
      .replaceAll(' ', '-'),
  );
}

const withoutFences = (text: string): string => text.replaceAll(/^```[\s\S]*?^```/gm, '');

function wrongScripts({ text }: Page, { scripts }: Known): readonly string[] {
  return [...text.matchAll(/\bnpm run (?:--silent )?([a-z][\w:-]*\w)/g)].flatMap(([, name = '']) =>
    scripts.has(name) ? [] : [`npm run ${name}: package.json has no such script`],
  );
}

/** `ferry` in prose may be the program itself: only what is written as a command counts. */
function wrongCommands({ text }: Page, { commands }: Known): readonly string[] {
  return [...text.matchAll(/(?:\.\/|`)ferry ([a-z][a-z-]*)/g)].flatMap(([, name = '']) =>
    commands.has(name) ? [] : [`ferry ${name}: there is no such command`],
  );
}

/** `FERRY_WORKERS_*` stands for several. */
function wrongKeys({ text }: Page, { keys }: Known): readonly string[] {
  const isKnown = (name: string): boolean => keys.has(name) || (name.endsWith('_') && [...keys].some((key) => key.startsWith(name)));
  return [...text.matchAll(/(?<!\w)FERRY_\w*/g)].flatMap(([name]) => (isKnown(name) ? [] : [`${name}: the configuration has no such key`]));
}

function wrongCalls({ text }: Page, { operations }: Known): readonly string[] {
  const templates = [...operations].map(([template, methods]) => ({ pattern: patternOf(template), methods }));
  return callsOf(text).flatMap(({ method, path }) => {
    const found = templates.find(({ pattern }) => pattern.test(path));
    if (found === undefined) return [`${path}: the HTTP API has no such path`];
    return method === undefined || found.methods.includes(method)
      ? []
      : [`${method} ${path}: the HTTP API takes ${found.methods.join()} there`];
  });
}

function callsOf(text: string): readonly Called[] {
  return linesOf(text).flatMap((line) =>
    [...line.matchAll(/(?:\b(GET|POST|PUT|PATCH|DELETE) )?[^\s`'"]*?(\/v1\/[^\s`'"()<>,;\]]*)/g)].map(([, method, path = '']) => ({
      method: method ?? methodOfCurl(line),
      path: path.replace(/\?.*$/, '').replace(/[.:]$/, ''),
    })),
  );
}

/** curl posts what it is given as data. */
function methodOfCurl(line: string): string | undefined {
  if (!/^\s*curl /.test(line)) return undefined;
  return / -\w*X (\w+)/.exec(line)?.[1] ?? (/ (-d|--data\S*) /.test(line) ? 'POST' : 'GET');
}

/** Whole ones: objects in JSON, on lines of their own within one block, that select something. */
function wrongRequests({ text }: Page, { refusals }: Known): readonly string[] {
  const objects = [...text.matchAll(/^( *)\{\n(?:(?! *```).*\n)*?\1\}$/gm)].map(([json]) => json);
  return objects.filter((json) => json.includes('"selection":')).flatMap((json) => refusals(json, 'migration'));
}

/** What curl sends to make or change a cluster, in the line itself or from a file that the page writes. */
function wrongClusters({ text }: Page, { refusals }: Known): readonly string[] {
  return linesOf(text).flatMap((line) => {
    const [, name, data, file = ''] = /^\s*curl .*\/v1\/clusters(?:\/([^\s:]+))? .*-d (?:'([^']*)'|@(\S+))/.exec(line) ?? [line];
    if (data === undefined && file === '') return [];
    const body = data ?? writtenTo(file, text);
    return body === undefined
      ? [`${file}: the page does not say what is in it`]
      : refusals(body, name === undefined ? 'cluster' : 'clusterChange');
  });
}

const writtenTo = (file: string, text: string): string | undefined =>
  [...text.matchAll(/^ *cat > (\S+) <<'(\w+)'\n([\s\S]*?)\n *\2$/gm)].find(([, name]) => name === file)?.[3];

/** As a shell reads them: one that ends with a backslash goes on. */
const linesOf = (text: string): readonly string[] => text.replaceAll(/\\\n\s*/g, '').split('\n');

function patternOf(template: string): RegExp {
  const parts = template.split(/\{[^}]+\}/).map((part) => part.replaceAll('.', String.raw`\.`));
  return new RegExp(`^${parts.join('[^/:]+')}$`);
}
