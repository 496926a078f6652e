import { describe, expect, it } from 'vitest';
import { preserveRefusal, propertyRefusal } from './link-options.ts';

describe('options of a link', () => {
  it.each([
    ['mapreduce.map.memory.mb', '8192'],
    ['dfs.encrypt.data.transfer', 'true'],
    ['mapreduce.job.hdfs-servers.token.renewal.exclude', 'ns1,ns2'],
  ])('take -D%s=%s', (name, value) => {
    expect(propertyRefusal(name, value)).toBeUndefined();
  });

  it.each([
    ['mapreduce.job.name', 'x', 'mapreduce.job.name cannot be said'],
    ['dfs.checksum.combine.mode', 'MD5MD5CRC', 'it is COMPOSITE_CRC'],
    ['fs.s3a.etag.checksum.enabled', 'true', 'DistCp then fails'],
    ['distcp.filters.class', 'org.apache.hadoop.tools.RegexpInConfigurationFilter', 'the plan says what is left out'],
    ['distcp.copy.listing.class', 'x', 'the plan says what is copied'],
    ['fs.s3a.secret.key', 'x', 'looks like a secret'],
    ['fs.azure.account.key.x.net', 'x', 'looks like a secret'],
    ['a b', 'x', 'expected the name of a Hadoop property'],
    ['a', 'x\ny', 'on one line'],
  ])('refuse -D%s', (name, value, reason) => {
    expect(propertyRefusal(name, value)).toContain(reason);
  });

  it.each(['b', 'pt', 'rbugpcaxte'])('take -p%s', (flags) => {
    expect(preserveRefusal(flags)).toBeUndefined();
  });

  it.each(['', 'z', 'bb', 'b t'])('refuse -p%s', (flags) => {
    expect(preserveRefusal(flags)).toContain('each once');
  });
});
