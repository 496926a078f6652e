import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';

const STATUS_FILE = 'run-status.yaml';

/** What a run came to, as `run-status.yaml` says it. Holds no time: the same input gives the same bytes. */
export interface RunStatus {
  readonly state: 'PLANNED' | 'REFUSED';
  readonly exitCode: number;
  readonly reasons: readonly string[];
  readonly adjustments: readonly string[];
  readonly databases: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

/** Where a run writes; files that an earlier run left there, and its status lists, are removed first. */
export interface OutputFolder {
  readonly directory: string;
  readonly write: (name: string, content: string) => void;
  /** Removes what this run has written: scripts of a refused run are not to be executed. */
  readonly discard: () => void;
  readonly finish: (status: RunStatus) => void;
}

export function openOutputFolder(directory: string): OutputFolder {
  mkdirSync(directory, { recursive: true });
  remove(directory, filesOf(join(directory, STATUS_FILE)));
  const written: string[] = [];
  return {
    directory,
    write: (name, content) => {
      written.push(name);
      writeFileSync(join(directory, name), content);
    },
    discard: () => remove(directory, written.splice(0)),
    finish: (status) => writeFileSync(join(directory, STATUS_FILE), stringify({ ...status, files: [...written].sort() }, { lineWidth: 0 })),
  };
}

function filesOf(statusFile: string): readonly string[] {
  if (!existsSync(statusFile)) return [];
  const status: unknown = parse(readFileSync(statusFile, 'utf8'));
  const files: unknown = typeof status === 'object' && status !== null && 'files' in status ? status.files : [];
  return Array.isArray(files) ? files.filter((name) => typeof name === 'string' && !name.includes('/')).map(String) : [];
}

function remove(directory: string, names: readonly string[]): void {
  for (const name of names) rmSync(join(directory, name), { force: true });
}
