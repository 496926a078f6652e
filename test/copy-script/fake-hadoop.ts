/**
 * Stands for `hadoop` where a script of copies is tried without clusters: `hdfs://left/a` is the folder `left/a` of FAKE_HADOOP. Calls go to
 * `calls`, one line of JSON each; a file `fail` makes the DistCp of the sources that it names end with 25; `unlisted` makes
 * it tell of a directory that it left out. Where two sides compare only
 * sizes (`s3a`), so does this DistCp.
 */
import { createHash } from 'node:crypto';
import { appendFileSync, cpSync, existsSync, mkdirSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';

const root = process.env['FAKE_HADOOP'] ?? '';
const [command, ...argv] = process.argv.slice(2);

appendFileSync(join(root, 'calls'), `${JSON.stringify([command, ...argv])}\n`);
process.exitCode = run();

function run(): number {
  if (command === 'distcp') return distcp(argv);
  if (command === 'fs') return fs(argv.filter((word) => !word.startsWith('-D')));
  // Where MapReduce runs in the client, `mapred job -list` has nobody to ask.
  return say('java.lang.NullPointerException at org.apache.hadoop.mapreduce.tools.CLI.listJobs', 255);
}

function fs([action, ...words]: readonly string[]): number {
  const paths = words.filter((word) => !/^-\w+$/.test(word)).map(literal);
  if (existsSync(join(root, 'unreachable')))
    return say('ls: Call From here to left failed on connection exception: java.net.ConnectException', 1);
  if (action === '-mkdir') for (const path of paths) mkdirSync(place(path), { recursive: true });
  if (action === '-rm' && paths.length === 0) return say('-rm: Not enough arguments: expected 1 but got 0', 255);
  if (action === '-put') put(words.at(-2) ?? '', paths.at(-1) ?? '');
  if (action === '-ls') return words.includes('-R') ? list(paths) : names(paths);
  if (action === '-checksum') for (const path of paths) console.log(`${path}\tCOMPOSITE-CRC32C\t${digest(path)}`);
  if (action === '-cat') for (const path of paths) process.stdout.write(readFileSync(place(path)));
  return 0;
}

function put(file: string, path: string): void {
  mkdirSync(dirname(place(path)), { recursive: true });
  cpSync(file, place(path));
}

function list(paths: readonly string[]): number {
  return worst(paths.map((path) => (existsSync(place(path)) ? listOne(path) : absent(path))));
}

function listOne(path: string): number {
  for (const entry of readdirSync(place(path), { recursive: true, withFileTypes: true })) {
    const full = join(entry.parentPath, entry.name);
    const kind = entry.isDirectory() ? 'd' : '-';
    console.log(`${kind}rw-r--r--   1 etl domain users ${statSync(full).size} 2026-11-21 10:51 ${path}/${relative(place(path), full)}`);
  }
  return 0;
}

function names(paths: readonly string[]): number {
  return worst(
    paths.map((path) => {
      if (!existsSync(place(path))) return absent(path);
      console.log(path);
      return 0;
    }),
  );
}

/** Knows pairs by `-update` or `-overwrite`, and lists; leaves hidden files out as every filter of ours does. */
function distcp(argv: readonly string[]): number {
  const [source = '', target = ''] = argv.slice(-2).map((word, index) => (index === 0 ? literal(word) : word));
  const listed = argv.includes('-f') ? readFileSync(place(source), 'utf8').trim().split('\n').map(literal) : [];
  const pairs = listed.length > 0 ? listed.map((path) => [path, `${target}/${basename(path)}`] as const) : [[source, target] as const];
  const failing = existsSync(join(root, 'fail')) ? readFileSync(join(root, 'fail'), 'utf8').split('\n') : [];
  if (pairs.some(([from]) => failing.includes(from))) return say('ERROR: AccessControlException: Permission denied: user=etl', 25);
  const unreached = join(root, 'unreachable-distcp');
  if (existsSync(unreached) && pairs.some(([from]) => from === readFileSync(unreached, 'utf8')))
    return say('ERROR: java.net.ConnectException: Connection refused', 255);
  if (existsSync(join(root, 'unlisted'))) say('ERROR tools.SimpleCopyListing: Giving up on hdfs://left/a/p=1 after 3 retries.', 0);
  const counts = { copied: 0, skipped: 0 };
  for (const [from, to] of pairs) copy(from, to, { isForced: argv.includes('-overwrite'), counts });
  return say(`\tDistCp Counters\n\t\tFiles Copied=${counts.copied}\n\t\tFiles Skipped=${counts.skipped}`, 0);
}

interface Copying {
  readonly isForced: boolean;
  readonly counts: { copied: number; skipped: number };
}

function copy(from: string, to: string, { isForced, counts }: Copying): void {
  for (const [source, target] of filesOf(from, to)) {
    const isEqual = !isForced && existsSync(place(target)) && isSame(source, target);
    counts[isEqual ? 'skipped' : 'copied'] += 1;
    if (!isEqual) cpSync(place(source), place(target));
  }
}

function filesOf(from: string, to: string): readonly (readonly [string, string])[] {
  if (statSync(place(from)).isFile()) return [[from, to]];
  const found = readdirSync(place(from), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = found.map((entry) => relative(place(from), join(entry.parentPath, entry.name)));
  return paths.filter((path) => !/(?:^|\/)[_.]/.test(path)).map((path) => [`${from}/${path}`, `${to}/${path}`]);
}

function isSame(source: string, target: string): boolean {
  if (target.startsWith('s3a:')) return statSync(place(source)).size === statSync(place(target)).size;
  return digest(source) === digest(target);
}

function digest(path: string): string {
  return createHash('md5')
    .update(readFileSync(place(path)))
    .digest('hex')
    .slice(0, 8);
}

function place(path: string): string {
  return join(root, path.replace(/^\w+:\/\//, ''));
}

function literal(path: string): string {
  return path.replaceAll(/\\(.)/g, '$1');
}

function absent(path: string): number {
  return say(`ls: \`${path}': No such file or directory`, 1);
}

function say(text: string, code: number): number {
  console.error(text);
  return code;
}

function worst(codes: readonly number[]): number {
  return Math.max(0, ...codes);
}
