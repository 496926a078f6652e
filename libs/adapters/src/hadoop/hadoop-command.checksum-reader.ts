import type { FileChecksum, Location } from '@hiveferry/core';
import { MigrationError, escapeGlob, pathOf } from '@hiveferry/core';
import type { ChecksumFailure, ChecksumReader, ChecksumResult } from '@hiveferry/ports';
import type { CommandResult, HadoopCommand } from './hadoop-command.ts';
import { lastLine } from './hadoop-command.ts';

export interface ChecksumReaderOptions {
  readonly hadoop: HadoopCommand;
  /** How long a call waits for others to share its JVM. @default 150 */
  readonly gatherMs?: number;
  /** JVMs at once. @default 2 */
  readonly maxProcesses?: number;
}

const MAX_FILES = 500;
/** Well below the kernel's limit for all arguments. */
const MAX_ARGV_BYTES = 100_000;

/**
 * COMPOSITE_CRC checksums by `hadoop fs -checksum`: WebHDFS does not know them. A JVM takes a second to start, so that
 * calls that come close together share one.
 */
export function createChecksumReader(options: ChecksumReaderOptions): ChecksumReader {
  const queue: Wanted[] = [];
  const state = { running: 0, timer: undefined as NodeJS.Timeout | undefined };

  const start = (): void => {
    clearTimeout(state.timer);
    state.timer = undefined;
    while (state.running < (options.maxProcesses ?? 2) && queue.length > 0) {
      state.running += 1;
      void readChunk(options.hadoop, takeChunk(queue)).finally(() => {
        state.running -= 1;
        if (state.timer === undefined) start();
      });
    }
  };

  return {
    async checksums(files, signal) {
      signal?.throwIfAborted();
      const answers = [...new Set(files)].map(
        (file) => new Promise<Answer>((resolve, reject) => queue.push({ file, resolve, reject, signal })),
      );
      if (queue.length >= MAX_FILES) start();
      else if (queue.length > 0) state.timer ??= setTimeout(start, options.gatherMs ?? 150);
      return resultOf(await unlessAborted(Promise.all(answers), signal));
    },
  };
}

async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return await work;
  const abort = Promise.withResolvers<never>();
  const onAbort = (): void => abort.reject(aborted(signal));
  signal.addEventListener('abort', onAbort, { once: true });
  // Answers of what is no longer wanted are refused when nobody listens any more.
  work.catch(() => undefined);
  try {
    return await Promise.race([work, abort.promise]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

type Answer = { readonly file: Location; readonly checksum: FileChecksum } | { readonly file: Location; readonly reason: string };

interface Wanted {
  readonly file: Location;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (cause: unknown) => void;
  readonly signal: AbortSignal | undefined;
}

/** Takes from the queue as much as one command line holds; what is no longer wanted is left out. */
function takeChunk(queue: Wanted[]): readonly Wanted[] {
  const chunk: Wanted[] = [];
  let bytes = 0;
  while (queue.length > 0 && chunk.length < MAX_FILES) {
    const next = queue[0];
    if (next === undefined) break;
    bytes += Buffer.byteLength(escapeGlob(next.file)) + 1;
    if (chunk.length > 0 && bytes > MAX_ARGV_BYTES) break;
    queue.shift();
    if (next.signal?.aborted === true) next.reject(aborted(next.signal));
    else chunk.push(next);
  }
  return chunk;
}

async function readChunk(hadoop: HadoopCommand, chunk: readonly Wanted[]): Promise<void> {
  if (chunk.length === 0) return;
  try {
    const files = [...new Set(chunk.map(({ file }) => file))];
    const result = await hadoop.run(['fs', '-Ddfs.checksum.combine.mode=COMPOSITE_CRC', '-checksum', ...files.map(escapeGlob)]);
    const found = parseChecksums(files, result.stdout);
    if (found.size === 0 && result.exitCode !== 0) refuseUnreachable(hadoop, result);
    for (const { file, resolve } of chunk) {
      const checksum = found.get(file);
      resolve(checksum === undefined ? { file, reason: reasonFor(file, result) } : { file, checksum });
    }
  } catch (cause) {
    for (const { reject } of chunk) reject(cause);
  }
}

/**
 * Reads lines of `path TAB algorithm TAB hex`; a path may hold tabs, so lines are found by the paths that were asked for.
 * `NONE` (a file system without checksums) is no checksum.
 */
function parseChecksums(files: readonly Location[], stdout: string): ReadonlyMap<Location, FileChecksum> {
  const byPath = new Map<string, Location>(files.map((file) => [file, file]));
  const found = new Map<Location, FileChecksum>();
  for (const [, path = '', algorithm = '', value = ''] of stdout.matchAll(/^(.*)\t([^\t\n]+)\t([0-9a-f]+)\r?$/gm)) {
    const file = byPath.get(path);
    if (file !== undefined) found.set(file, { algorithm, value });
  }
  return found;
}

function reasonFor(file: Location, result: CommandResult): string {
  const path = pathOf(file);
  const lines = result.stderr.split('\n').filter((line) => line.startsWith('checksum: '));
  const own =
    lines.find((line) => line.includes(`\`${file}'`) || line.includes(`inode="${path}"`)) ?? lines.find((line) => line.includes(path));
  if (own !== undefined) return own.slice('checksum: '.length).trim();
  return result.exitCode === 0
    ? 'the file system has no checksum for it'
    : `hadoop fs -checksum ended with exit code ${result.exitCode}: ${lastLine(result.stderr)}`;
}

function refuseUnreachable(hadoop: HadoopCommand, { stderr, exitCode }: CommandResult): void {
  const said = stderr
    .split('\n')
    .find((line) => /ConnectException|Connection refused|UnknownHostException|NoRouteToHost|SocketTimeout|main class|JAVA_HOME/.test(line));
  if (said === undefined) return;
  throw new MigrationError(
    'FILE_STORE_UNREACHABLE',
    `${hadoop.command} fs -checksum ended with exit code ${exitCode}: ${said.trim()}. Check that the cluster is up, and that the command is configured for it.`,
    {
      category: 'environment',
      retry: 'later',
      subject: hadoop.command,
    },
  );
}

function aborted({ reason }: AbortSignal): Error {
  return reason instanceof Error ? reason : new Error('ended on request', { cause: reason });
}

function resultOf(answers: readonly Answer[]): ChecksumResult {
  const checksums = new Map<Location, FileChecksum>();
  const failures: ChecksumFailure[] = [];
  for (const answer of answers) {
    if ('checksum' in answer) checksums.set(answer.file, answer.checksum);
    else failures.push({ location: answer.file, reason: answer.reason });
  }
  return { checksums, failures };
}
