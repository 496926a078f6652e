/** A Hadoop command that writes down when each DistCp begins and ends, so that two of one step at once are seen. */
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface DistCpTime {
  /** `mapreduce.job.name`. */
  readonly name: string;
  readonly startMs: number;
  /** Absent while it runs. */
  readonly endMs?: number;
}

export interface DistCpWitness {
  readonly command: string;
  /** Before each DistCp that starts from now on. */
  slowDown(seconds: number): void;
  times(): readonly DistCpTime[];
  remove(): void;
}

export function createDistCpWitness(hadoop: string): DistCpWitness {
  const folder = mkdtempSync(join(tmpdir(), 'hiveferry-witness-'));
  const [command, log, delay] = [join(folder, 'hadoop'), join(folder, 'times'), join(folder, 'delay')];
  writeFileSync(delay, '0');
  // The trap lets it write its last line when its group is ended.
  const lines = [
    '#!/bin/sh',
    `[ "$1" = distcp ] || exec '${hadoop}' "$@"`,
    'trap : TERM INT HUP',
    'name=none',
    'for each in "$@"; do case $each in -Dmapreduce.job.name=*) name=${each#*=} ;; esac; done',
    `echo "start $name $$ $(date +%s%3N)" >>'${log}'`,
    `sleep "$(cat '${delay}')"`,
    `'${hadoop}' "$@"`,
    'code=$?',
    `echo "end $name $$ $(date +%s%3N)" >>'${log}'`,
    'exit $code',
  ];
  writeFileSync(command, `${lines.join('\n')}\n`);
  chmodSync(command, 0o755);
  return {
    command,
    slowDown: (seconds) => writeFileSync(delay, String(seconds)),
    times: () => timesIn(existsSync(log) ? readFileSync(log, 'utf8') : ''),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Pairs of one name that were alive at once. */
export function overlaps(times: readonly DistCpTime[]): readonly (readonly [DistCpTime, DistCpTime])[] {
  return times.flatMap((one, index) =>
    times
      .slice(index + 1)
      .filter((other) => other.name === one.name && one.startMs < endOf(other) && other.startMs < endOf(one))
      .map((other) => [one, other] as const),
  );
}

const endOf = ({ endMs }: DistCpTime): number => endMs ?? Infinity;

function timesIn(text: string): readonly DistCpTime[] {
  const events = text.split('\n').flatMap((line) => {
    const [what, name, pid, at] = line.split(' ');
    return name === undefined || pid === undefined || at === undefined ? [] : [{ what, name, pid, atMs: Number(at) }];
  });
  return events.flatMap(({ what, name, pid, atMs }) => {
    if (what !== 'start') return [];
    const end = events.find((each) => each.what === 'end' && each.pid === pid && each.name === name && each.atMs >= atMs);
    return [{ name, startMs: atMs, ...(end === undefined ? {} : { endMs: end.atMs }) }];
  });
}
