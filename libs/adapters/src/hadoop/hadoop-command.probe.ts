import type { Location } from '@hiveferry/core';
import { MigrationError, escapeGlob } from '@hiveferry/core';
import type { HadoopCommand } from './hadoop-command.ts';
import { lastLine } from './hadoop-command.ts';

/** Where the s3a client stops to try: by default it goes on for minutes. */
const IMPATIENT = ['-Dfs.s3a.attempts.maximum=1', '-Dfs.s3a.retry.limit=1', '-Dfs.s3a.connection.establish.timeout=5000'];

/** What the command says, and what it means: first match wins. */
const CAUSES: readonly (readonly [RegExp, string])[] = [
  [
    /ClassNotFoundException|No FileSystem for scheme/,
    'Hadoop has no s3a: put hadoop-aws and its AWS SDK on the class path of the command.',
  ],
  [
    /NoAwsCredentials|NoAuthWithAWS|InvalidAccessKeyId|SignatureDoesNotMatch|AccessDenied|Forbidden|403/,
    'Hadoop has no keys for the bucket, or keys without rights: set fs.s3a.access.key and fs.s3a.secret.key (or a credential provider) in the core-site.xml of its configuration directory.',
  ],
  [
    /NoSuchBucket|UnknownStoreException/,
    'Hadoop asks another endpoint: correct fs.s3a.endpoint and fs.s3a.endpoint.region in its core-site.xml.',
  ],
  [
    /No such file or directory/,
    'Hadoop sees another store than this service: compare fs.s3a.endpoint in its core-site.xml with the endpoint of the object store.',
  ],
  [
    /ConnectException|UnknownHost|timed? ?out|Unable to execute HTTP request/i,
    'Hadoop does not reach the endpoint: check fs.s3a.endpoint in its core-site.xml, and the way to it.',
  ],
];

/** Ends well when the Hadoop command finds the file or directory. Faults: HADOOP_CANNOT_REACH_STORE, and those of the command. */
export async function seeByHadoop(hadoop: HadoopCommand, location: Location): Promise<void> {
  const { exitCode, stderr } = await hadoop.run(['fs', ...IMPATIENT, '-ls', '-d', escapeGlob(location)], { timeoutMs: 60_000 });
  if (exitCode === 0) return;
  const said = stderr.split('\n').find((line) => line.startsWith('ls: ')) ?? lastLine(stderr);
  const advice =
    CAUSES.find(([pattern]) => pattern.test(stderr))?.[1] ??
    'Run the command by hand, and check the core-site.xml of its configuration directory.';
  throw new MigrationError(
    'HADOOP_CANNOT_REACH_STORE',
    `${hadoop.command} fs -ls ${location} ended with exit code ${exitCode}: ${said.slice(0, 500)}`,
    {
      category: 'environment',
      retry: 'operator',
      subject: location,
      detail: { advice },
    },
  );
}
