import { shellText } from '../shell.ts';

/** Upload of lists, waves and lanes, DistCp and its counters. */
export const COPYING = shellText`part_upload() {
  each_job upload_list || return 1
  if [ -z "$UPLOADED" ]; then say 'upload: no lists; each directory is copied by itself'; fi
}

upload_list() {
  describe "$1"
  if [ "$BY_LIST" = no ]; then return 0; fi
  if [ -z "$UPLOADED" ]; then hadoop_fs -mkdir -p "$HCFS_BASE_DIR" || return 1; fi
  record "$1"
  sources_to_list >"$WORK/list" || return 1
  hadoop_fs -put -f "$WORK/list" "$(list_of "$1")" || return 1
  case " $UPLOADED" in *" $1 "*) ;; *) say "upload: job $1, $(wc -l <"$WORK/list" | tr -d ' ') sources in $(list_of "$1")" ;; esac
  UPLOADED="$UPLOADED$1 "
}

# DistCp refuses a whole list for one source that is not there.
sources_to_list() {
  if [ "$DRY_RUN" = yes ] || ! grep -q '^O' "$WORK/directories"; then
    fields S | for_hadoop
    return 0
  fi
  fields S | with_names -ls -d -C 2>"$WORK/errors" | for_hadoop
  if is_unreachable "$WORK/errors"; then failed_by "$WORK/errors" 'upload: sources cannot be looked at'; return 1; fi
}

list_of() { printf '%s/%s_%s.txt' "$HCFS_BASE_DIR" "$\{STEM}_distcp_source" "$1"; }

# One command of Hadoop's file system.
hadoop_fs() {
  if [ "$DRY_RUN" = yes ]; then show "$HADOOP" fs "$@"; return 0; fi
  "$HADOOP" fs "$@" 2>"$WORK/errors" && return 0
  failed_by "$WORK/errors" "hadoop fs $1 failed"
}

part_copy() {
  part_recover || return 1
  make_targets || return 1
  waves || return 1
  if [ "$DRY_RUN" = yes ]; then return 0; fi
  # What failed in an earlier run may be copied by now.
  note_failures
  say "copy: $(copied_files)"
  [ -z "$FAILED" ]
}

# A wave: its lanes, each the numbers of its jobs, run side by side; the next one waits for all of them.
wave() {
  if [ "$STOPPED" = yes ]; then return 1; fi
  if [ $# -lt 2 ] || [ "$DRY_RUN" = yes ]; then run_lane "$*"; else run_lanes "$@"; fi && return 0
  STOPPED=yes
  return 1
}

run_lanes() {
  LANES=
  place="$WORK"
  for lane in "$@"; do
    WORK="$(mktemp -d "$place/lane.XXXXXX")" || return 1
    ( run_lane_beside "$lane" ) &
    LANES="$LANES$! "
  done
  WORK="$place"
  ended=0
  for lane in $LANES; do
    wait "$lane" || { if [ $? -eq 4 ]; then UNREACHABLE=yes; fi; ended=1; }
  done
  LANES=
  load_states
  note_failures
  [ "$ended" -eq 0 ] || [ "$KEEP_GOING" = yes ]
}

# In a process of its own, whose names of files nobody else uses.
run_lane_beside() {
  trap - EXIT
  trap 'end_child; exit 130' INT TERM HUP
  LOCKED=no
  FILTERS="$WORK/filters"
  run_lane "$1"
  ended=$?
  if [ "$UNREACHABLE" = yes ]; then exit 4; fi
  exit "$ended"
}

run_lane() {
  for number in $1; do
    if is_chosen "$number"; then copy_one "$number" || return 1; fi
  done
}

note_failures() {
  failed="$(awk '$2 ~ /^[0-9]+$/ { state[$2] = $3 } END { for (n in state) if (state[n] == "FAILED" || state[n] == "STARTED") printf "%s ", n }' "$STATUS")"
  FAILED=
  for number in $failed; do
    if is_chosen "$number"; then FAILED="$FAILED$number "; fi
  done
}

copied_files() {
  awk '$3 == "COPIED" { split($4, copied, "="); split($5, skipped, "="); c[$2] = copied[2]; s[$2] = skipped[2] }
    END { for (n in c) { files += c[n]; others += s[n] } printf "%d files copied, %d were there already", files, others }' "$STATUS"
}

# DistCp makes no target for an empty source.
make_targets() {
  record
  targets_to_make >"$WORK/targets"
  if [ ! -s "$WORK/targets" ]; then return 0; fi
  if [ "$DRY_RUN" = yes ]; then say "hadoop fs -mkdir -p: $(wc -l <"$WORK/targets" | tr -d ' ') targets"; return 0; fi
  with_names -mkdir -p <"$WORK/targets" 2>"$WORK/errors" && return 0
  failed_by "$WORK/errors" 'a target directory cannot be made'
}

# Those of lists are made by DistCp: it is told by their absence that a list may be used.
targets_to_make() {
  : >"$WORK/by_list"
  each_job note_list
  awk 'NR == FNR { listed[$1] = 1; next } /^C/ { copy = substr($0, 2) } /^T/ && !(copy in listed) { print substr($0, 2) }' "$WORK/by_list" "$WORK/directories"
}

note_list() {
  describe "$1"
  if [ "$BY_LIST" = yes ]; then printf '%s\n' "$1" >>"$WORK/by_list"; fi
}

copy_one() {
  describe "$1"
  case "$(state_of "$1")" in
    COPIED | VALID) say "job $1 of $JOBS: $TITLE: copied by an earlier run"; return 0 ;;
  esac
  login
  say "job $1 of $JOBS: $TITLE"
  LIST="$(list_of "$1")"
  RUNS=0
  COPIED=0
  SKIPPED=0
  if [ "$DRY_RUN" = no ]; then set_state "$1" STARTED; fi
  DOING=copying
  if job_"$1"; then
    if [ "$DRY_RUN" = yes ]; then return 0; fi
    set_state "$1" COPIED "copied=$COPIED skipped=$SKIPPED"
    say "  job $1: $COPIED files copied, $SKIPPED were there already"
    return 0
  fi
  FAILED="$FAILED$1 "
  set_state "$1" FAILED
  complain "  job $1 failed. When its cause is mended, run the script again: it goes on with this job. Log: $LOG"
  [ "$KEEP_GOING" = yes ]
}

# The options of DISTCP_OPTS stand where their kind belongs: properties after ours, others before DistCp's own.
run_distcp() {
  LOG="$STATE_DIR/logs/job-$number.log"
  if [ "$RUNS" -gt 0 ]; then LOG="$STATE_DIR/logs/job-$number-$RUNS.log"; fi
  RUNS=$((RUNS + 1))
  added=no
  words=$#
  while [ "$words" -gt 0 ]; do
    case "$added$1" in
      no-D*) ;;
      no*) added=yes
        # shellcheck disable=SC2086 # several options
        set -- "$@" $DISTCP_OPTS ;;
    esac
    set -- "$@" "$1"
    shift
    words=$((words - 1))
  done
  if [ "$DRY_RUN" = yes ]; then show "$HADOOP" distcp "$@"; return 0; fi
  "$HADOOP" distcp "$@" >"$LOG" 2>&1 </dev/null &
  CHILD=$!
  wait "$CHILD"
  ended=$?
  CHILD=
  count_files
  if [ "$ended" -ne 0 ]; then failed_by "$LOG" "  DistCp ended with exit code $ended"; return 1; fi
  if [ "$FAILED_FILES" -gt 0 ]; then failed_by "$LOG" "  DistCp says that $FAILED_FILES files failed"; return 1; fi
  if grep -q 'ERROR .*RegexCopyFilter' "$LOG"; then failed_by "$LOG" '  DistCp could not read its filters and copied hidden files too'; return 1; fi
  # DistCp leaves out a directory that it cannot list, with exit code 0.
  if grep -q 'SimpleCopyListing: Giving up on ' "$LOG"; then failed_by "$LOG" '  DistCp left out a directory that it could not list'; return 1; fi
}

# The last block of counters is the job's; a counter that is 0 is not printed.
count_files() {
  awk '
    /DistCp Counters *$/ || /CopyMapper\$Counter *$/ { copied = skipped = failed = 0; inside = 1; next }
    inside && !/^[ \t]+.*=[0-9]+[ \t\r]*$/ { inside = 0 }
    inside { name = $0; sub(/^[ \t]+/, "", name); sub(/=.*/, "", name); value = $0; sub(/.*=/, "", value) }
    inside && (name == "Files Copied" || name == "COPY") { copied = value + 0 }
    inside && (name == "Files Skipped" || name == "SKIP") { skipped = value + 0 }
    inside && (name == "Files Failed" || name == "FAIL") { failed = value + 0 }
    END { printf "COPIED=$((COPIED+%d)) SKIPPED=$((SKIPPED+%d)) FAILED_FILES=%d\n", copied, skipped, failed }
  ' "$LOG" >"$WORK/counts"
  # shellcheck source=/dev/null
  . "$WORK/counts"
}

# Is one of the directories of this list on the target?
are_targets_there() {
  record "$number"
  DOING=copying
  fields T | with_names -ls -d -C >"$WORK/found" 2>"$WORK/errors"
  [ -s "$WORK/found" ]
}

# Files whose contents differ with the same size, where DistCp compares sizes only: found by --read-back in the run before.
copy_damaged() {
  if [ "$DRY_RUN" = yes ] || [ ! -s "$STATE_DIR/damaged" ]; then return 0; fi
  awk -v copy="$number" 'NR % 3 == 1 { mine = $0 == copy; next } mine' "$STATE_DIR/damaged" >"$WORK/damaged"
  while read -r from <&5 && read -r to <&5; do
    overwrite "$from" "$to" "$@" || return 1
  done 5<"$WORK/damaged"
}

# SOURCE TARGET, then the words of a command whose last two are replaced by them.
overwrite() {
  from="$(printf '%s\n' "$1" | for_hadoop)"
  to="$2"
  shift 2
  words=$#
  while [ "$words" -gt 2 ]; do
    if [ "$1" = -update ]; then set -- "$@" -overwrite; else set -- "$@" "$1"; fi
    shift
    words=$((words - 1))
  done
  shift 2
  run_distcp "$@" "$from" "$to"
}`;
