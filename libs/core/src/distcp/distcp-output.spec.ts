import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { distCpFailure } from './distcp-causes.ts';
import { parseDistCpOutput, progressOf } from './distcp-output.ts';

/** Written by DistCp 3.4.2 in the lab; lines of no interest were taken out. */
const sample = (name: string): string => readFileSync(join(import.meta.dirname, 'samples', `${name}.stderr.txt`), 'utf8');

describe('the output of DistCp', () => {
  it('tells job and counters of YARN', () => {
    expect(parseDistCpOutput(sample('yarn'))).toEqual({
      jobId: 'job_1795229187866_0004',
      applicationId: 'application_1795229187866_0004',
      areFiltersIgnored: false,
      counts: { filesCopied: 3, filesSkipped: 0, filesFailed: 0, bytesCopied: 12157896, bytesSkipped: 0, directoriesCopied: 3 },
    });
  });

  it("takes the last of two blocks, the job's own", () => {
    expect(parseDistCpOutput(sample('skipped'))).toMatchObject({
      jobId: 'job_local938634443_0001',
      counts: { filesCopied: 0, filesSkipped: 3, bytesSkipped: 12157896, directoriesCopied: 3 },
    });
    const twice = '\tDistCp Counters\n\t\tFiles Copied=1\n26/11/21 INFO\n\tDistCp Counters\n\t\tFiles Copied=2\n';
    expect(parseDistCpOutput(twice).counts?.filesCopied).toBe(2);
  });

  it('knows the names of the enumeration too', () => {
    const log =
      '\torg.apache.hadoop.tools.mapred.CopyMapper$Counter\n\t\tBYTESCOPIED=7\n\t\tCOPY=2\n\t\tSKIP=1\n\t\tFAIL=3\n\t\tDIR_COPY=4\n';
    expect(parseDistCpOutput(log).counts).toEqual({
      filesCopied: 2,
      filesSkipped: 1,
      filesFailed: 3,
      bytesCopied: 7,
      bytesSkipped: 0,
      directoriesCopied: 4,
    });
  });

  it('tells progress', () => {
    expect(progressOf('26/11/21 03:05:35 INFO mapreduce.Job:  map 33% reduce 0%')).toBe(33);
    expect(progressOf('26/11/21 03:05:35 INFO mapred.CopyMapper: map 33% reduce 0%')).toBeUndefined();
  });

  it.each([
    ['access-denied', 25, 'DISTCP_ACCESS_DENIED', 'Permission denied: user=bob, access=READ, inode="/data/p/dt=2024-01-02/f.txt"'],
    ['missing', 255, 'DISTCP_SOURCE_MISSING', "hdfs://127.0.0.1:21020/data/nosuch doesn't exist"],
    ['duplicates', 254, 'DISTCP_DUPLICATE_FILES', 'would cause duplicates'],
    ['block-size', 25, 'DISTCP_CHECKSUM_MISMATCH', 'Source and target differ in block-size'],
    // A NameNode that accepts connections and never answers, after 122 s.
    ['black-hole', 255, 'DISTCP_UNREACHABLE', '60000 millis timeout while waiting for channel to be ready for read'],
    ['super-user', 25, 'DISTCP_NOT_SUPERUSER', 'User bob is not a super user'],
  ])('names the cause of %s, which the last lines do not', (name, exitCode, code, text) => {
    const { cause } = parseDistCpOutput(sample(name));
    expect(distCpFailure({ exitCode, lastLines: [], ...(cause === undefined ? {} : { cause }) })).toMatchObject({
      code,
      message: expect.stringContaining(text),
    });
  });

  it.each([
    ['org.apache.hadoop.hdfs.protocol.DSQuotaExceededException: The DiskSpace quota of /t is exceeded', 'DISTCP_QUOTA_EXCEEDED'],
    ['org.apache.hadoop.hdfs.protocol.NSQuotaExceededException: The NameSpace quota of /t is exceeded', 'DISTCP_QUOTA_EXCEEDED'],
    ['software.amazon.awssdk.services.s3.model.NoSuchBucketException: The specified bucket does not exist', 'DISTCP_BUCKET_MISSING'],
    ['java.net.ConnectException: Call From a/127.0.0.1 to b:8020 failed on connection exception', 'DISTCP_UNREACHABLE'],
    ['java.lang.IllegalArgumentException: java.net.UnknownHostException: nowhere', 'DISTCP_UNKNOWN_HOST'],
    ['java.lang.IllegalArgumentException: Delete missing is applicable only with update or overwrite options', 'DISTCP_ARGUMENTS_REFUSED'],
  ])('names the cause in: %s', (line, code) => {
    expect(parseDistCpOutput(line).cause?.code).toBe(code);
  });

  it('sees that a directory was left out, which no exit code says', () => {
    const line = '2026-11-21 14:12:46,477 ERROR tools.SimpleCopyListing: Giving up on hdfs://127.0.0.1:27593/data/t/p=2 after 3 retries.';
    expect(parseDistCpOutput(line).unlisted).toBe('hdfs://127.0.0.1:27593/data/t/p=2');
  });

  it('sees that filters were ignored, which no exit code says', () => {
    expect(parseDistCpOutput(sample('filters-unreadable')).areFiltersIgnored).toBe(true);
  });

  it.each([
    [137, 'DISTCP_KILLED'],
    [143, 'DISTCP_KILLED'],
    [127, 'HADOOP_COMMAND_NOT_FOUND'],
    [253, 'DISTCP_ATTRIBUTES_UNSUPPORTED'],
    [254, 'DISTCP_DUPLICATE_FILES'],
    [25, 'DISTCP_FAILED'],
  ])('tells by exit code %s alone: %s', (exitCode, code) => {
    expect(distCpFailure({ exitCode, lastLines: ['26/11/21 ERROR x: broken'] }).code).toBe(code);
  });
});
