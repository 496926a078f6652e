/** The `hadoop` and `hdfs` commands of a lab cluster: a small sh script that becomes the JVM (exec), so signals and pid are its own. */
import { join } from 'node:path';
import type { Cache } from './cache.ts';
import { HADOOP_OPENS } from './jvm.ts';

export function clientArchive(cache: Cache): string {
  return join(cache.root, 'hadoop-client.jsa');
}

/**
 * Jars come before the configuration folder, because a class data archive must not begin with a folder; no Hadoop jar holds a *-site.xml.
 * Each process gets a scratch folder of its own, so that DistCp runs side by side do not meet.
 */
export function clientScript(of: { readonly directory: string; readonly conf: string; readonly cache: Cache }): string {
  const scratch = join(of.directory, 'tmp', 'client');
  return `#!/bin/sh
# Made by the lab. Behaves like Hadoop's own launcher for: distcp, fs, dfs, dfsadmin, fsck, snapshotDiff, version, CLASS.
conf='${of.conf}'
if [ "$1" = --config ]; then conf=$2; shift 2; fi
command=$1
[ $# -gt 0 ] && shift
case "$command" in
  distcp) class=org.apache.hadoop.tools.DistCp ;;
  fs|dfs) class=org.apache.hadoop.fs.FsShell ;;
  dfsadmin) class=org.apache.hadoop.hdfs.tools.DFSAdmin ;;
  fsck) class=org.apache.hadoop.hdfs.tools.DFSck ;;
  snapshotDiff) class=org.apache.hadoop.hdfs.tools.snapshot.SnapshotDiff ;;
  version) class=org.apache.hadoop.util.VersionInfo ;;
  ''|-*) echo "Usage: $(basename "$0") [--config DIRECTORY] distcp|fs|dfs|dfsadmin|fsck|snapshotDiff|version|CLASS [ARGUMENTS]" >&2; exit 1 ;;
  *) class=$command ;;
esac
archive='${clientArchive(of.cache)}'
[ -f "$archive" ] && share="-XX:SharedArchiveFile=$archive" || share=-Xshare:auto
scratch='${scratch}'/$$
mkdir -p "$scratch"
HADOOP_USER_NAME=\${HADOOP_USER_NAME:-hive}
LC_ALL=C.UTF-8
export HADOOP_USER_NAME LC_ALL
exec '${of.cache.java}' -Xmx256m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 "$share" \\
  -Xlog:disable -Xlog:all=error:stderr ${HADOOP_OPENS.join(' ')} \\
  -Djava.net.preferIPv4Stack=true -Dlab.data="$scratch" -Djava.io.tmpdir="$scratch" $HADOOP_CLIENT_OPTS \\
  -cp '${of.cache.jars.hadoop}/*':"$conf" "$class" "$@"
`;
}
