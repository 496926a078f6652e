import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { runCommand } from '../commands.ts';

const folder = mkdtempSync(join(tmpdir(), 'hiveferry-snapshot-'));
afterAll(() => rmSync(folder, { recursive: true }));

const EXAMPLE = new URL('../../../../libs/contracts/src/snapshot/examples/snapshot.v1.jsonl', import.meta.url);
const lines = readFileSync(EXAMPLE, 'utf8').trimEnd().split('\n');

function file(name: string, content: readonly string[]): string {
  const path = join(folder, name);
  writeFileSync(path, content.map((line) => `${line}\n`).join(''));
  return path;
}

const LIVE = ['snapshot', '--jdbc', 'jdbc:hive2://127.0.0.1:1/;user=etl', '--hive-version', '3.1.3', '--out', 'x'];

async function ferry(...argv: readonly string[]) {
  const out: string[] = [];
  const err: string[] = [];
  const terminal = { out: (text: string) => void out.push(text), err: (text: string) => void err.push(text), home: folder };
  return { code: await runCommand(argv, terminal), out: out.join('\n'), err: err.join('\n') };
}

describe('ferry diff', () => {
  const before = file('before.jsonl', lines);

  it('finds a snapshot equal to itself', async () => {
    expect(await ferry('diff', before, before)).toEqual({ code: 0, out: 'equal', err: '' });
  });

  it('says which table changed, and how', async () => {
    const after = file(
      'after.jsonl',
      lines.map((line) => line.replace('"comment":"orders"', '"comment":"all orders"')),
    );
    const { code, out } = await ferry('diff', before, after);
    expect(code).toBe(1);
    expect(out.split('\n')).toEqual([
      '~ table shop.orders',
      '    parameters.comment: "orders" -> "all orders"',
      '0 added, 0 gone, 1 changed',
    ]);
  });

  it('says which functions of a database changed', async () => {
    const more = file(
      'functions.jsonl',
      lines.map((line) => line.replace('"type":"database",', '"type":"database","functions":["mask"],')),
    );
    expect((await ferry('diff', before, more)).out.split('\n')).toEqual([
      '~ database shop',
      '    functions: "[]" -> "[\\"mask\\"]"',
      '0 added, 0 gone, 1 changed',
    ]);
  });

  it('says which tables came and went, as JSON', async () => {
    const fewer = file(
      'fewer.jsonl',
      lines.filter((line) => !line.includes('"name":"orders"') && !line.startsWith('{"type":"partitions"')),
    );
    expect(JSON.parse((await ferry('diff', before, fewer, '--json')).out)).toEqual({
      change: 'gone',
      kind: 'table',
      name: 'shop.orders',
      changes: [],
    });
    expect((await ferry('diff', fewer, before)).out).toContain('+ table shop.orders');
  });

  it.each([
    ['a file that is not there', ['diff', before, '/nowhere.jsonl'], '/nowhere.jsonl: expected a file that can be read'],
    ['a file that is no snapshot', ['diff', before, file('text.jsonl', ['hello'])], 'text.jsonl, line 1'],
    ['one side', ['diff', before], 'expected two sides'],
    ['an unknown option', ['diff', before, before, '--fast'], '--fast: no option of that name'],
    ['a live side of no known kind', ['diff', before, 'jdbc:oracle:x'], 'expected thrift://host:port'],
    ['a snapshot of nothing', ['snapshot', '--out', 'x'], 'expected one of --cluster FILE, --thrift HOST:PORT, --jdbc URL'],
    ['a database that neither side has', ['diff', before, before, '--database', 'nope'], 'neither side has a database nope'],
    ['a directory', ['diff', before, folder], 'EISDIR'],
    [
      'a password of a variable that is not set',
      [...LIVE, '--password-ref', 'env:NO_SUCH_NAME'],
      'there is no NO_SUCH_NAME in the environment',
    ],
    [
      'a password of a file that is not there',
      [...LIVE, '--password-ref', 'file:/nowhere'],
      'file:/nowhere: expected a file that can be read',
    ],
    [
      'a password itself',
      [...LIVE, '--password-ref', 'geheim'],
      'expected where the password is, env:NAME or file:/path; found a text of another form',
    ],
    ['a URI of Kerberos', ['diff', before, 'jdbc:hive2://h/;principal=hive/_HOST@R'], 'Kerberos is not spoken'],
    ['a snapshot to nowhere', ['snapshot', '--thrift', 'h:1'], 'expected --out FILE'],
    [
      'a cluster that is none',
      ['snapshot', '--cluster', file('c.yaml', ['name: x']), '--out', 'x'],
      'is no cluster as POST /v1/clusters takes it',
    ],
  ])('refuses %s', async (_, argv, text) => {
    const { code, err } = await ferry(...argv);
    expect(code).toBe(2);
    expect(err).toContain(text);
  });

  it.each(['jdbc:mysql://reader:geheim@db:3306/hms', 'jdbc:oracle:thin:reader/geheim@db:1521/hms', 'jdbc:mysql://db/hms?password=geheim'])(
    'shows no password of %s',
    async (address) => {
      const { code, err } = await ferry('diff', before, address);
      expect([code, err]).toEqual([2, expect.stringContaining('expected')]);
      expect(err).not.toContain('geheim');
    },
  );

  it('cannot reach a metastore where none listens: code 4', async () => {
    const { code, err } = await ferry(
      'snapshot',
      '--thrift',
      '127.0.0.1:1',
      '--hive-version',
      '3.1.3',
      '--out',
      join(folder, 'none.jsonl'),
    );
    expect(code).toBe(4);
    expect(err).toContain('METASTORE_UNREACHABLE');
  });
});
