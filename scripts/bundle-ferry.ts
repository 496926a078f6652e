/**
 * Makes one small set of files of what `./ferry` runs: started from its some 400 sources, Node would take twice the memory.
 * usage: bundle-ferry.ts FOLDER [ENTRY]; FOLDER/current then names this checkout and the file to start, one a line
 */
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { OutputChunk, Plugin } from 'rolldown';
import { rolldown } from 'rolldown';

const ROOT = join(import.meta.dirname, '..');
/** These are loaded at each start; all other packages only when something is asked of a live cluster. */
const BUNDLED_PACKAGES = ['zod', 'yaml'];
/** A process that runs may still load parts of a bundle that is no longer the current one. */
const KEPT_MS = 7 * 24 * 60 * 60 * 1000;

const [folder = '', main = join(ROOT, 'apps/cli/src/main.ts')] = process.argv.slice(2);
// What is edited from now on is newer than the bundle.
const begun = new Date();
const chunks = await bundle();
mkdirSync(folder, { recursive: true });
for (const { fileName, code } of chunks) keep(join(folder, fileName), code, begun);
const entry = chunks.find(({ isEntry }) => isEntry)?.fileName ?? '';
replaceFile(join(folder, 'current'), `${ROOT}\n${entry}\n`, begun);
removeOld();

async function bundle(): Promise<readonly OutputChunk[]> {
  const built = await rolldown({
    input: main,
    platform: 'node',
    tsconfig: join(ROOT, 'tsconfig.json'),
    external: isExternal,
    // For Node there is CommonJS only, of which nothing is left out.
    resolve: { alias: { yaml: join(ROOT, 'node_modules/yaml/browser/index.js') } },
    plugins: [withPlaces()],
    logLevel: 'silent',
  });
  const { output } = await built.generate({
    format: 'esm',
    entryFileNames: '[name]-[hash].js',
    chunkFileNames: '[name]-[hash].js',
    // Names stay, for the sake of stack traces.
    minify: { compress: true, mangle: false, codegen: true },
  });
  await built.close();
  return output.filter((file) => file.type === 'chunk');
}

function isExternal(id: string): boolean {
  const isOurs = id.startsWith('.') || isAbsolute(id) || id.startsWith('@hiveferry/');
  return !isOurs && !BUNDLED_PACKAGES.includes(id);
}

/** Sources find what lies beside them by their own place. */
function withPlaces(): Plugin {
  return {
    name: 'places-of-sources',
    transform: (code, id) => {
      if (!code.includes('import.meta.')) return undefined;
      return code
        .replaceAll(/\bimport\.meta\.dirname\b/g, JSON.stringify(dirname(id)))
        .replaceAll(/\bimport\.meta\.url\b/g, JSON.stringify(pathToFileURL(id).href));
    },
  };
}

/** A file is named by its content, so that one that is there is right: several starts may bundle at once. */
function keep(path: string, code: string, at: Date): void {
  if (existsSync(path)) utimesSync(path, at, at);
  else replaceFile(path, code, at);
}

function replaceFile(path: string, content: string, at: Date): void {
  const unfinished = `${path}.${process.pid}`;
  writeFileSync(unfinished, content);
  utimesSync(unfinished, at, at);
  renameSync(unfinished, path);
}

function removeOld(): void {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (/\.js(\.\d+)?$/.test(name) && begun.getTime() - statSync(path).mtimeMs > KEPT_MS) rmSync(path, { force: true });
  }
}
