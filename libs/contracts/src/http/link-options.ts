import { preserveRefusal, propertyRefusal } from '@hiveferry/core';
import { z } from 'zod';

/** A map of `-D` properties, each refused by name with the reason. */
const Properties = z
  .record(z.string(), z.string().max(4000))
  .check(({ value, issues }) => {
    for (const [name, text] of Object.entries(value)) {
      const message = propertyRefusal(name, text);
      if (message !== undefined) issues.push({ code: 'custom', message, path: [name], input: text });
    }
  })
  .meta({
    description: 'Properties that DistCp gets by -D. Those that the service sets itself, and secrets, are refused.',
    example: {
      'mapreduce.map.memory.mb': '8192',
      'dfs.encrypt.data.transfer': 'true',
      'mapreduce.job.hdfs-servers.token.renewal.exclude': 'source-ns',
    },
  });

const Preserve = z
  .string()
  .check(({ value, issues }) => {
    const message = preserveRefusal(value);
    if (message !== undefined) issues.push({ code: 'custom', message, input: value });
  })
  .meta({
    description:
      'Letters that follow -p, from HDFS to HDFS: r replication, b block size, u user, g group, p permission, c checksum type, a ACL, x extended attributes, t times, e erasure coding. u and g need a superuser at the target. Object stores keep none of them.',
    example: 'pt',
  });

/** How DistCp is called between two clusters. */
export const LinkOptions = z.strictObject({
  mappers: z.int().min(1).max(1000).exactOptional(),
  bandwidthMbPerMapper: z.int().min(1).max(100_000).exactOptional(),
  queue: z
    .string()
    .regex(/^[A-Za-z0-9_.-]{1,200}$/, 'expected the name of a queue of YARN, such as root.migration')
    .exactOptional()
    .meta({ description: 'Queue of YARN. Absent: the one of the executor.', example: 'root.migration' }),
  properties: Properties.exactOptional(),
  preserve: Preserve.exactOptional(),
});
