/** Set by us from what the request says elsewhere, or needed as it is for a copy to be right. */
export const REFUSED_PROPERTIES: Readonly<Record<string, string>> = {
  'mapreduce.job.name': 'jobs are found again by their name',
  'mapreduce.job.tags': 'jobs are found again by their tags',
  'mapreduce.job.queuename': 'say `queue`',
  'dfs.checksum.combine.mode': 'it is COMPOSITE_CRC, or files of another block size would fail',
  'dfs.blocksize': "it is the target's; say `preserve: b` to keep that of each file",
  'distcp.filters.class': 'the plan says what is left out; this would put another list in the place of it',
  'distcp.copy.listing.class': 'the plan says what is copied where',
  'fs.s3a.etag.checksum.enabled': 'DistCp then fails at each file, since HDFS has no such checksum',
};
const SECRET = /secret|password|passphrase|access\.key|account\.key|session\.token/i;
const PROPERTY_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,199}$/;

/** What `-p` can keep, as DistCp 3 spells it: replication, block size, user, group, permission, checksum type, ACL, extended attributes, times, erasure coding. */
export const PRESERVED = 'rbugpcaxte';

/** Why a `-D` property cannot be given to DistCp; undefined when it can. */
export function propertyRefusal(name: string, value: string): string | undefined {
  if (!PROPERTY_NAME.test(name)) return `expected the name of a Hadoop property, such as mapreduce.map.memory.mb, found ${name}`;
  const ours = REFUSED_PROPERTIES[name];
  if (ours !== undefined) return `${name} cannot be said: ${ours}`;
  if (SECRET.test(name))
    return `${name} looks like a secret, and arguments are seen by everybody on the host: put it into a credential provider`;
  return /[\u0000-\u001f\u007f]/.test(value) ? `${name}: expected a value on one line` : undefined;
}

/** Why text cannot follow `-p`; undefined when it can. */
export function preserveRefusal(flags: string): string | undefined {
  const letters = Array.from(flags);
  const isKnown = letters.length > 0 && letters.every((letter) => PRESERVED.includes(letter));
  return isKnown && new Set(letters).size === letters.length ? undefined : `expected letters of ${PRESERVED}, each once, found ${flags}`;
}
