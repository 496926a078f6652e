/**
 * A Hadoop command that counts the launches of DistCp, and looks at each whether another one of the same step is alive. It becomes
 * Hadoop's own launcher, which becomes the JVM, so that the process it writes down is the one that copies.
 */
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Launch {
  /** Of the step: `mapreduce.job.name` without its prefix. */
  readonly stepId: string;
  readonly pid: number;
  /** `starttime` of /proc/PID/stat: with the pid it names a process for ever. */
  readonly startTicks: string;
  readonly startMs: number;
  /** Processes of the same step that were alive when it began; none when all is well. */
  readonly aliveAtStart: readonly number[];
}

export interface DistCpLaunches {
  readonly command: string;
  /** Before each that starts from now on begins its work. */
  slowDown(seconds: number): void;
  all(): readonly Launch[];
  isAlive(launch: Launch): boolean;
  remove(): void;
}

export function countDistCpLaunches(hadoop: string): DistCpLaunches {
  const folder = mkdtempSync(join(tmpdir(), 'hiveferry-launches-'));
  const [command, log, delay] = [join(folder, 'hadoop'), join(folder, 'launches'), join(folder, 'delay')];
  writeFileSync(delay, '0');
  writeFileSync(command, scriptOf(hadoop, log, delay));
  chmodSync(command, 0o755);
  writeFileSync(log, '');
  return {
    command,
    slowDown: (seconds) => writeFileSync(delay, String(seconds)),
    all: () => (existsSync(log) ? readFileSync(log, 'utf8') : '').split('\n').flatMap(launchIn),
    isAlive: ({ pid, startTicks }) => ticksOf(pid) === startTicks,
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** The lock makes looking and writing down one: of two that start at once, the later one sees the first. */
function scriptOf(hadoop: string, log: string, delay: string): string {
  return `#!/bin/sh
[ "$1" = distcp ] || exec '${hadoop}' "$@"
for each in "$@"; do case $each in -Dmapreduce.job.name=*) step=\${each#*=hiveferry-} ;; esac; done
ticks() {
  stat=$(cat "/proc/$1/stat" 2>/dev/null) || return 1
  set -- \${stat##*) }
  [ "$1" != Z ] && echo "\${20}"
}
exec 9>>'${log}.lock'
flock 9
alive=
while read -r name pid began rest; do
  [ "$name" = "$step" ] && [ "$(ticks "$pid")" = "$began" ] && alive="$alive $pid"
done <'${log}'
echo "$step $$ $(ticks $$) $(date +%s%3N)$alive" >>'${log}'
exec 9>&-
sleep "$(cat '${delay}')"
exec '${hadoop}' "$@"
`;
}

function launchIn(line: string): readonly Launch[] {
  const [stepId, pid, startTicks, startMs, ...alive] = line.split(' ');
  if (stepId === undefined || pid === undefined || startTicks === undefined || startMs === undefined) return [];
  return [{ stepId, pid: Number(pid), startTicks, startMs: Number(startMs), aliveAtStart: alive.map(Number) }];
}

/** @returns undefined for no process, and for one that waits to be reaped */
function ticksOf(pid: number): string | undefined {
  const file = `/proc/${pid}/stat`;
  try {
    const stat = readFileSync(file, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? undefined : fields[19];
  } catch {
    return undefined;
  }
}
