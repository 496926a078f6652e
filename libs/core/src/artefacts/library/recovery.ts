import { shellText } from '../shell.ts';

/** What killed jobs left. */
export const RECOVERY = shellText`# Jobs that were begun and did not come to their end: their applications may run still, and their temporary files lie on the target.
part_recover() {
  if [ "$DRY_RUN" = yes ]; then return 0; fi
  BEGUN=
  each_job note_begun
  if [ -z "$BEGUN" ]; then return 0; fi
  login
  refuse_running || return 1
  for number in $BEGUN; do
    record "$number"
    remove_temporary_files || return 1
  done
}

note_begun() {
  case "$(state_of "$1")" in STARTED | FAILED) BEGUN="$BEGUN$1 " ;; esac
}

# A job outlives its client on YARN. Where MapReduce runs in the client itself, its list fails over what it has not.
refuse_running() {
  "$HADOOP" org.apache.hadoop.mapred.JobClient -list >"$WORK/jobs" 2>"$WORK/errors"
  if grep -q 'CLI.listJobs' "$WORK/errors"; then return 0; fi
  if ! grep -qE '^[[:space:]]*job_[0-9]+_[0-9]+' "$WORK/jobs"; then
    if grep -q '^Total jobs' "$WORK/jobs"; then return 0; fi
    failed_by "$WORK/errors" 'recover: whether a job of an earlier run runs still cannot be known'
    return 1
  fi
  for number in $BEGUN; do
    describe "$number"
    "$HADOOP" org.apache.hadoop.yarn.client.cli.ApplicationCLI application -list -appTags "$TAG" -appStates NEW,NEW_SAVING,SUBMITTED,ACCEPTED,RUNNING >"$WORK/jobs" 2>"$WORK/errors" ||
      failed_by "$WORK/errors" 'recover: YARN does not answer' || return 1
    application="$(awk '$1 ~ /^application_/ { print $1; exit }' "$WORK/jobs")"
    if [ -n "$application" ]; then
      complain "recover: job $number runs still as $application. Wait for its end, or end it: yarn application -kill $application. Then run the script again."
      return 1
    fi
  done
}

# DistCp does not remove what its killed jobs left; Hive does not read it, but it takes place.
remove_temporary_files() {
  fields T | grep -E '^(hdfs|viewfs):' | for_hadoop | sed -e 's/$/\/.distcp.tmp.attempt_*/' -e 's/./\\&/g' >"$WORK/temporary"
  if [ ! -s "$WORK/temporary" ]; then return 0; fi
  xargs "$HADOOP" fs -rm -f -skipTrash <"$WORK/temporary" >"$WORK/removed" 2>"$WORK/errors" && return 0
  failed_by "$WORK/errors" 'recover: temporary files cannot be removed'
}`;
