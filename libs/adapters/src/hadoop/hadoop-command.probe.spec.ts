import { describe, expect, it } from 'vitest';
import { parseLocation } from '@hiveferry/core';
import { seeByHadoop } from './hadoop-command.probe.ts';
import type { HadoopCommand } from './hadoop-command.ts';

const PROBE = parseLocation('s3a://lake/.hiveferry-check-1');

/** Answers with what Hadoop 3.4.2 wrote in the lab. */
const hadoop = (exitCode: number, stderr = ''): HadoopCommand => ({
  command: 'hadoop',
  environment: {},
  version: async () => 'Hadoop 3.4.2',
  run: async () => ({ exitCode, stdout: '', stderr }),
});
const see = async (command: HadoopCommand): Promise<void> => {
  if (PROBE === undefined) throw new Error('not a location');
  await seeByHadoop(command, PROBE);
};

describe('a look by the Hadoop command', () => {
  it('is content with a directory that is found', async () => {
    await expect(see(hadoop(0))).resolves.toBeUndefined();
  });

  it.each([
    ["ls: `s3a://lake/.hiveferry-check-1': No such file or directory", /another store than this service/],
    [
      "ls: `s3a://lake/x': getFileStatus on s3a://lake/x: software.amazon.awssdk.services.s3.model.NoSuchBucketException: The specified bucket does not exist",
      /another endpoint/,
    ],
    [
      'ls: s3a://lake/x: getFileStatus: software.amazon.awssdk.services.s3.model.S3Exception: Forbidden (Status Code: 403)',
      /fs\.s3a\.access\.key/,
    ],
    ['ls: Class org.apache.hadoop.fs.s3a.S3AFileSystem not found\nCaused by: java.lang.ClassNotFoundException', /hadoop-aws/],
    ['ls: No AWS Credentials provided: NoAwsCredentialsException', /fs\.s3a\.access\.key/],
    ['ls: s3a://lake/x: SdkClientException: Unable to execute HTTP request: Connect to 127.0.0.1:1 failed', /does not reach the endpoint/],
    ['something else', /by hand/],
  ])('says what %j means', async (stderr, advice) => {
    await expect(see(hadoop(1, `26/11/21 INFO x: y\n${stderr}`))).rejects.toMatchObject({
      code: 'HADOOP_CANNOT_REACH_STORE',
      detail: { advice: expect.stringMatching(advice) },
    });
  });
});
