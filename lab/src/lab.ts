/** The shape of `lab.json`, the one place where the lab says what listens where. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { labDirectory } from './directories.ts';

export const SIDES = ['source', 'target'] as const;
export type Side = (typeof SIDES)[number];

export interface LabCluster {
  readonly hiveVersion: string;
  readonly metastoreUri: string;
  readonly hiveServer2: { readonly host: string; readonly port: number; readonly auth: 'nosasl' | 'plain'; readonly user: string };
  readonly hdfs: { readonly namespace: string; readonly webHdfsUri: string; readonly user: string; readonly blockSizeBytes: number };
  readonly hadoop: { readonly command: string };
  readonly warehouse: { readonly managed: string; readonly external: string };
}

export interface Lab {
  readonly version: 1;
  readonly dir: string;
  /** Process that holds the lab's private network namespace, when there is one. */
  readonly netnsPid: number | null;
  readonly clusters: Readonly<Record<Side, LabCluster>>;
  readonly kafka: { readonly bootstrap: string };
  readonly postgres: { readonly host: string; readonly port: number; readonly user: string; readonly password: string };
  readonly s3: { readonly endpoint: string; readonly accessKey: string; readonly secretKey: string; readonly bucket: string };
}

/** Reads where the running lab listens. Throws when `up` has not ended well since the last `down`. */
export function readLab(directory: string = labDirectory()): Lab {
  const file = labFile(directory);
  if (!existsSync(file)) throw new Error(`the lab is not up (no ${file}): npm run lab -- up`);
  return JSON.parse(readFileSync(file, 'utf8')) as Lab;
}

export function labFile(directory: string): string {
  return join(directory, 'lab.json');
}
