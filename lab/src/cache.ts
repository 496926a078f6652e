/** Jars, schema SQL, compiled classes and moto: fetched once per machine, each part made aside and renamed when complete. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { jdkBin, requireProgram, run } from './commands.ts';
import { cacheDirectory, LAB_SOURCES } from './directories.ts';
import { withLabLock } from './lock.ts';

const MODULES = ['kafka', 'hadoop', 'hive3', 'hive4', 'schema'] as const;
const COPY = 'org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy-dependencies';

/** Which file of which metastore distribution makes the tables; the distributions are fetched by `maven/schema/pom.xml`. */
const SCHEMAS = {
  source: { archive: 'hive-standalone-metastore-3.1.3-bin.tar.gz', file: 'hive-schema-3.1.0.postgres.sql' },
  target: { archive: 'hive-standalone-metastore-server-4.0.1-bin.tar.gz', file: 'hive-schema-4.0.0.postgres.sql' },
} as const;

export interface Cache {
  readonly java: string;
  readonly root: string;
  readonly jars: Readonly<Record<'kafka' | 'hadoop' | 'hive3' | 'hive4', string>>;
  readonly schema: Readonly<Record<'source' | 'target', string>>;
  readonly classes: { readonly launch: string; readonly patch: string };
  readonly python: string;
}

/** Fetches what is missing and says where all of it is. A second call costs a few file look-ups. */
export async function prepareCache(say: (text: string) => void): Promise<Cache> {
  const bin = jdkBin();
  const root = join(cacheDirectory(), definitionHash());
  mkdirSync(join(root, 'lib'), { recursive: true });
  // Two Maven processes in one empty repository can clash, and a medium suite may want Kafka's jars while the lab starts.
  await withLabLock(root, () => makeMissing(root, bin, say));
  const lib = (name: string): string => join(root, 'lib', name);
  return {
    java: bin === '' ? 'java' : join(bin, 'java'),
    root,
    jars: { kafka: lib('kafka'), hadoop: lib('hadoop'), hive3: lib('hive3'), hive4: lib('hive4') },
    schema: { source: join(root, 'schema', 'source.sql'), target: join(root, 'schema', 'target.sql') },
    classes: { launch: join(root, 'classes', 'launch'), patch: join(root, 'classes', 'patch') },
    python: join(root, 'moto', 'bin', 'python'),
  };
}

async function makeMissing(root: string, bin: string, say: (text: string) => void): Promise<void> {
  const scratch = join(root, `making-${process.pid}`);
  try {
    await Promise.all([fetchJars(root, scratch, say), makeVenv(root, scratch)]);
    await makeSchemas(root, scratch);
    await compileClasses(root, scratch, bin);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** One Maven call for all missing modules: it has threads, which do not clash. */
async function fetchJars(root: string, scratch: string, say: (text: string) => void): Promise<void> {
  const wanted = MODULES.filter((name) => !existsSync(placeOf(root, name)));
  if (wanted.length === 0) return;
  requireProgram('mvn');
  say(`fetching jars with Maven: ${wanted.join(', ')} (once per machine, 1 to 3 minutes)`);
  const output = `-DoutputDirectory=${scratch}/\${project.artifactId}`;
  const pom = join(LAB_SOURCES, 'maven', 'pom.xml');
  const options = ['-B', '-q', '-ntp', '-T', '5', '-Dmaven.artifact.threads=8', '-DincludeScope=runtime'];
  await run({ argv: ['mvn', ...options, '-f', pom, '-pl', wanted.join(','), COPY, output] });
  for (const name of wanted) settle(join(scratch, `lab-${name}`), placeOf(root, name));
}

const placeOf = (root: string, module: string): string => (module === 'schema' ? join(root, 'distributions') : join(root, 'lib', module));

async function makeSchemas(root: string, scratch: string): Promise<void> {
  if (existsSync(join(root, 'schema'))) return;
  const made = join(scratch, 'schema');
  mkdirSync(made, { recursive: true });
  for (const [side, { archive, file }] of Object.entries(SCHEMAS)) {
    await run({
      argv: ['tar', '-xzf', join(root, 'distributions', archive), '-C', made, '--wildcards', '--strip-components=5', `*/${file}`],
    });
    renameSync(join(made, file), join(made, `${side}.sql`));
  }
  settle(made, join(root, 'schema'));
}

async function compileClasses(root: string, scratch: string, bin: string): Promise<void> {
  if (existsSync(join(root, 'classes'))) return;
  const made = join(scratch, 'classes');
  const hiveExec = join(root, 'lib', 'hive3', 'hive-exec-3.1.3.jar');
  for (const name of ['launch', 'patch']) {
    const sources = readdirSync(join(LAB_SOURCES, 'java', name)).map((file) => join(LAB_SOURCES, 'java', name, file));
    await run({ argv: [join(bin, 'javac'), '-nowarn', '-cp', hiveExec, '-d', join(made, name), ...sources] });
  }
  settle(made, join(root, 'classes'));
}

async function makeVenv(root: string, scratch: string): Promise<void> {
  if (existsSync(join(root, 'moto'))) return;
  requireProgram('python3');
  const made = join(scratch, 'moto');
  await run({ argv: ['python3', '-m', 'venv', made] });
  await run({ argv: [join(made, 'bin', 'python'), '-m', 'pip', 'install', '-q', '-r', join(LAB_SOURCES, 'python', 'requirements.txt')] });
  settle(made, join(root, 'moto'));
}

/** Gives a finished part its place; when another process was faster, its equal part stays. */
function settle(made: string, place: string): void {
  try {
    renameSync(made, place);
  } catch (error) {
    if (!existsSync(place)) throw error;
  }
}

function definitionHash(): string {
  const hash = createHash('sha256');
  for (const folder of ['maven', 'java', 'python']) {
    const base = join(LAB_SOURCES, folder);
    const names = readdirSync(base, { recursive: true, encoding: 'utf8' }).filter((name) => /\.(xml|java|txt)$/.test(name));
    for (const name of names.sort()) hash.update(`${folder}/${name}\n`).update(readFileSync(join(base, name)));
  }
  return hash.digest('hex').slice(0, 12);
}
