import { execFile } from 'node:child_process';
import { relativeTo } from '@hiveferry/core';
import type { Location } from '@hiveferry/core';
import type { FileStore } from '@hiveferry/ports';

/** How a script came to its end, and all that it said. */
export interface EndedScript {
  readonly code: number;
  readonly said: string;
}

/** Runs a script by `sh`, as an operator would. */
export function runScript(argv: readonly string[], env: NodeJS.ProcessEnv): Promise<EndedScript> {
  return new Promise((resolve) => {
    const child = execFile('sh', argv, { env }, (_error, stdout, stderr) =>
      resolve({ code: child.exitCode ?? -1, said: `${stdout}${stderr}` }),
    );
  });
}

/** Files below a directory by their paths there, sorted. */
export async function namesBelow(files: FileStore, root: Location): Promise<readonly string[]> {
  const names: string[] = [];
  for await (const { kind, location } of files.walk(root)) if (kind === 'file') names.push((relativeTo(location, root) ?? []).join('/'));
  return names.sort();
}
