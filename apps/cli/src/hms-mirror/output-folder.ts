import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { growFile, joinFile } from './growing-file.ts';
import type { GrowingFile } from './growing-file.ts';

const STATUS_FILE = 'run-status.yaml';

/** What a run came to, as `run-status.yaml` says it. Holds no time: the same input gives the same bytes. */
export interface RunStatus {
  readonly state: 'PLANNED' | 'REFUSED';
  readonly comment?: string;
  readonly exitCode: number;
  readonly reasons: readonly string[];
  readonly adjustments: readonly string[];
  /** By target. */
  readonly planHashes?: Readonly<Record<string, string>>;
  readonly databases: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

export interface GrowingBody {
  readonly append: (text: string) => void;
  readonly finish: (around: { readonly head: string; readonly foot: string }) => void;
}

/** Where a run writes; files that an earlier run left there, and its status lists, are removed first. */
export interface OutputFolder {
  readonly directory: string;
  readonly write: (name: string, content: string) => void;
  /** A copy of a file that is there. */
  readonly adopt: (name: string, file: string) => void;
  /** A file that is written piece by piece; without a piece there is none. */
  readonly grow: (name: string, title: string) => GrowingFile;
  /** A file whose beginning is known last. */
  readonly growBody: (name: string) => GrowingBody;
  /** Removes what this run has written: scripts of a refused run are not to be executed. */
  readonly discard: () => void;
  readonly finish: (status: RunStatus) => void;
}

export function openOutputFolder(directory: string): OutputFolder {
  mkdirSync(directory, { recursive: true });
  remove(directory, filesOf(join(directory, STATUS_FILE)));
  const written: string[] = [];
  const grow = (name: string, title: string): GrowingFile => {
    const file = growFile(join(directory, name), title);
    return {
      append: file.append,
      close: () => {
        const isThere = file.close();
        if (isThere) written.push(name);
        return isThere;
      },
    };
  };
  return {
    directory,
    write: (name, content) => {
      written.push(name);
      writeFileSync(join(directory, name), content);
    },
    adopt: (name, file) => {
      written.push(name);
      copyFileSync(file, join(directory, name));
    },
    grow,
    growBody: (name) => growBody(join(directory, name), () => written.push(name)),
    discard: () => remove(directory, written.splice(0)),
    finish: (status) => writeFileSync(join(directory, STATUS_FILE), stringify({ ...status, files: [...written].sort() }, { lineWidth: 0 })),
  };
}

function growBody(path: string, onWritten: () => void): GrowingBody {
  const bodyFile = `${path}.part`;
  const body = growFile(bodyFile, '');
  return {
    append: body.append,
    finish: (around) => {
      const isThere = body.close();
      onWritten();
      joinFile(path, { ...around, ...(isThere ? { bodyFile } : {}) });
    },
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
