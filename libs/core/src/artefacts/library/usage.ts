import { shellText } from '../shell.ts';

/** What `--help` prints. */
export const USAGE = shellText`usage() {
  cat <<USAGE
usage: sh $NAME [OPTION...] [PART...]
Copies the directories of database $DATABASE by DistCp and checks what arrived. Run again, it goes on where it stopped;
after a run that ended well it looks at everything anew and copies only what is new or different.
parts, in this order when none is named: upload copy validate
  upload        puts lists of sources to where DistCp reads them
  copy          runs DistCp, wave by wave
  validate      compares files on both sides: numbers, sizes, checksums or contents
other parts:
  recover       looks for jobs of an earlier run that run still, and removes temporary files of killed ones; copy does it too
  status        says how far the jobs are
options:
  --dry-run     prints the commands and runs none
  --keep-going  goes on after a job that failed; the exit code stays 1
  --only N      takes job N only; may be given several times
  --restart     forgets what earlier runs did
  --sizes-only  validates numbers and sizes, but no checksums
  --read-back   also reads files on both sides where file systems have no checksum in common; the next run overwrites those that differ
environment:
  HADOOP            the hadoop command [hadoop]
  HCFS_BASE_DIR     where lists are put; a relative path lies in the Hadoop user's home [hiveferry]
  DISTCP_OPTS       more options for each DistCp, separated by spaces, such as -Dmapreduce.map.memory.mb=8192
  STATE_DIR         logs, status and failed paths [beside this script]
  KINIT_PRINCIPAL, KINIT_KEYTAB   when both are set, kinit is run before each part and each job
exit codes: 0 everything is copied and validated; 1 something is not; 2 wrong options or environment; 4 Hadoop is not there or
a cluster does not answer; 130 interrupted
USAGE
}`;
