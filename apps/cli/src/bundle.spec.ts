import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';

const FERRY = join(import.meta.dirname, '../../../ferry');
const folder = mkdtempSync(join(tmpdir(), 'hiveferry-bundle-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Stands in for the real one: a bundle that says how often one was made. */
const BUNDLER = `
import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
const [folder] = process.argv.slice(2);
mkdirSync(folder, { recursive: true });
appendFileSync(folder + '/made', 'x');
writeFileSync(folder + '/main.js', 'console.log("bundle ' + readFileSync(folder + '/made', 'utf8').length + '", ...process.argv.slice(2))');
writeFileSync(folder + '/current', 'ROOT\\nmain.js\\n');
`;

/** A checkout with the launcher and nothing else of the product. */
function checkout({ bundler }: { readonly bundler: string }) {
  const root = mkdtempSync(join(folder, 'root-'));
  const put = (path: string, text: string) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  copyFileSync(FERRY, join(root, 'ferry'));
  put('apps/cli/src/main.ts', 'console.log("sources", ...process.argv.slice(2));');
  put('libs/core/src/index.ts', '');
  put('package-lock.json', '{}');
  put('scripts/bundle-ferry.ts', bundler.replace('ROOT', root));
  mkdirSync(join(root, 'node_modules/zod'), { recursive: true });
  mkdirSync(join(root, 'node_modules/.bin'));
  symlinkSync(process.execPath, join(root, 'node_modules/.bin/node'));
  const run = () => spawnSync('/bin/sh', [join(root, 'ferry'), 'a b'], { encoding: 'utf8', env: { PATH: '/usr/bin:/bin' } });
  return { root, run };
}

describe('the bundle that ./ferry runs', () => {
  it('is made once', () => {
    const { run } = checkout({ bundler: BUNDLER });
    expect(run()).toMatchObject({ status: 0, stdout: 'bundle 1 a b\n', stderr: '' });
    expect(run().stdout).toBe('bundle 1 a b\n');
  });

  it('is made anew when a source is newer, or gone', () => {
    const { root, run } = checkout({ bundler: BUNDLER });
    const later = new Date(Date.now() + 60_000);
    run();
    utimesSync(join(root, 'libs/core/src/index.ts'), later, later);
    expect(run().stdout).toBe('sources a b\n');
    utimesSync(join(root, 'libs/core/src/index.ts'), 0, 0);
    expect(run().stdout).toBe('bundle 2 a b\n');
    rmSync(join(root, 'libs/core/src/index.ts'));
    utimesSync(join(root, 'libs/core/src'), later, later);
    expect(run().stdout).toBe('sources a b\n');
  });

  it('is not that of another checkout', () => {
    const { run } = checkout({ bundler: BUNDLER.replace('ROOT', '/elsewhere') });
    expect(run().stdout).toBe('sources a b\n');
  });

  it('is done without where it cannot be made', () => {
    const { run } = checkout({ bundler: 'throw new Error("no rolldown here");' });
    expect(run()).toMatchObject({ status: 0, stdout: 'sources a b\n', stderr: '' });
  });

  it('is one of the product itself that starts', () => {
    const out = join(folder, 'real');
    const made = spawnSync(process.execPath, [join(dirname(FERRY), 'scripts/bundle-ferry.ts'), out], { encoding: 'utf8' });
    expect(made.stderr).toBe('');
    const main = readdirSync(out).find((name) => name.startsWith('main-')) ?? '';
    expect(spawnSync(process.execPath, [join(out, main), '--help'], { encoding: 'utf8' }).stdout).toContain('ferry why');
  });
});
