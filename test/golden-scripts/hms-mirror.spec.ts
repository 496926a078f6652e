import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { hmsMirrorCommand } from '../../apps/cli/src/hms-mirror/run-hms-mirror.ts';

const ROOT = import.meta.dirname;
const CASES = join(ROOT, 'cases');
const isUpdate = process.env['UPDATE_GOLDEN'] === '1';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

/**
 * Each folder is a case: `options` holds the options beside the data set and the configuration that all cases share, `out` what
 * `ferry hms-mirror` writes and says. `npm run golden:update` rewrites; read the diff.
 */
describe('ferry hms-mirror', () => {
  it.each(readdirSync(CASES).sort())('%s', async (name) => {
    const options = readFileSync(join(CASES, name, 'options'), 'utf8')
      .split(/\s+/)
      .filter((word) => word !== '');
    const expected = join(CASES, name, 'out');
    const actual = await run(options);
    if (isUpdate) update(expected, actual);
    expect(actual).toEqual(existsSync(expected) ? filesOf(expected) : {});
  });
});

/** Files by name; `said` is what the person sees. */
async function run(options: readonly string[]): Promise<Readonly<Record<string, string>>> {
  const folder = mkdtempSync(join(tmpdir(), 'hiveferry-golden-'));
  folders.push(folder);
  const said: string[] = [];
  const say = (text: string) => said.push(text.replaceAll(folder, 'OUT').replaceAll(ROOT, 'HERE'));
  const data = ['-ltd', join(ROOT, 'data-sets/shop.yaml'), '-cfg', join(ROOT, 'configuration.yaml')];
  const code = await hmsMirrorCommand([...data, '-o', folder, ...options], { out: say, err: say, home: folder });
  // The configuration holds paths of this machine.
  const { 'session-config.yaml': _configuration, ...files } = filesOf(folder);
  return { ...files, said: `${said.join('\n')}\nexit code ${code}\n` };
}

function filesOf(folder: string): Readonly<Record<string, string>> {
  const names = readdirSync(folder).sort();
  return Object.fromEntries(names.map((name) => [name, readable(readFileSync(join(folder, name), 'utf8')).replaceAll(ROOT, 'HERE')]));
}

/** Of an HTML report what it lists: its parts are packed, and its page has tests of its own. */
function readable(content: string): string {
  if (!content.startsWith('<!doctype html>')) return content;
  const parts = [...content.matchAll(/data-packed="(?:facts|rows|ending)">([^<]*)</g)];
  return parts.map(([, packed = '']) => `${gunzipSync(Buffer.from(packed, 'base64')).toString()}\n`).join('');
}

function update(folder: string, files: Readonly<Record<string, string>>): void {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
}
