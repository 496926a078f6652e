#!/bin/sh
# Copies the files of database shop to shop, checks what arrived, and goes on where it stopped.
# To be run at RIGHT, the target cluster, by a Hadoop that reaches the sources and may read there.
# sh shop_distcp_script.sh --help says how; --dry-run shows the commands.
# shellcheck disable=SC2016,SC2034,SC2317
set -u
DATABASE=shop
STEM=shop
JOBS=2

NAME="${STEM}_distcp_script.sh"
HADOOP="${HADOOP:-hadoop}"
HCFS_BASE_DIR="${HCFS_BASE_DIR:-hiveferry}"
DISTCP_OPTS="${DISTCP_OPTS:-}"
STATE_DIR="${STATE_DIR:-$(dirname "$0")/${STEM}_distcp_state}"
KINIT_PRINCIPAL="${KINIT_PRINCIPAL:-}"
KINIT_KEYTAB="${KINIT_KEYTAB:-}"

# ---- The jobs: what is copied where, and the commands. ----

job_1() {
  title 'hdfs://left/data/late/orders/day=2026-01-02 10%3A00'
  tag hiveferry-shop-job-1
  left_out '(?s)[^/:]+://[^/]*\Q/data/late/orders/day=2026-01-02 10%3A00\E(?:/.*)?/[_.].*'
  directory 'hdfs://left/data/late/orders/day=2026-01-02 10%3A00' 's3a://Lake/lake/external/shop.db/orders/day=2026-01-02 10%3A00'
  distcp -Dmapreduce.job.name=hiveferry-shop-job-1 -Dmapreduce.job.tags=hiveferry-shop-job-1,hiveferry-shop-job-1-1 -update -direct -m 20 -filters "$FILTERS" 'hdfs://left/data/late/orders/day=2026-01-02 10%3A00' 's3a://Lake/lake/external/shop.db/orders/day=2026-01-02 10%3A00'
}

job_2() {
  title hdfs://left/warehouse/tablespace/external/hive/shop.db/orders
  tag hiveferry-shop-job-2
  left_out '(?s)[^/:]+://[^/]*\Q/warehouse/tablespace/external/hive/shop.db/orders\E(?:/.*)?/[_.].*'
  directory hdfs://left/warehouse/tablespace/external/hive/shop.db/orders s3a://Lake/lake/external/shop.db/orders
  distcp -Dmapreduce.job.name=hiveferry-shop-job-2 -Dmapreduce.job.tags=hiveferry-shop-job-2,hiveferry-shop-job-2-1 -update -direct -m 20 -filters "$FILTERS" hdfs://left/warehouse/tablespace/external/hive/shop.db/orders s3a://Lake/lake/external/shop.db/orders
}

# The lanes of a wave run side by side.
waves() {
  wave 1 2
}

# ---- The same for every database from here on. ----

usage() {
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
}

# Options of DISTCP_OPTS that would copy other things to other places, or hide what went wrong.
distcp_opts() {
  for option in $DISTCP_OPTS; do
    case "$option" in --*) option="${option#-}" ;; esac
    case "$option" in
      -delete) refuse 'DISTCP_OPTS: -delete removes files that the plan does not own.' ;;
      -i) refuse 'DISTCP_OPTS: -i hides files that failed: DistCp then ends with 0.' ;;
      -async) refuse 'DISTCP_OPTS: -async ends before its job does.' ;;
      -skipcrccheck) refuse 'DISTCP_OPTS: -skipcrccheck leaves damaged files as they are.' ;;
      -update | -overwrite | -append | -diff | -rdiff | -atomic | -f | -filters)
        refuse "DISTCP_OPTS: $option changes what is copied where; the plan has said that." ;;
      *=*) distcp_property "${option#-D}" ;;
    esac
  done
}

# NAME=VALUE
distcp_property() {
  case "${1%%=*}" in
    mapreduce.job.name | mapreduce.job.tags | dfs.checksum.combine.mode | dfs.blocksize | distcp.filters.class | distcp.copy.listing.class | fs.s3a.etag.checksum.enabled)
      refuse "DISTCP_OPTS: ${1%%=*} cannot be said: by it other files are copied, they are checked otherwise, or jobs are not found again." ;;
    *secret* | *password* | *passphrase* | *access.key* | *account.key* | *session.token*)
      refuse "DISTCP_OPTS: ${1%%=*} looks like a secret, and arguments are seen by everybody on the host: put it into a credential provider." ;;
  esac
}

NEWLINE='
'
DRY_RUN=no
KEEP_GOING=no
RESTART=no
COMPARE=checksums
ONLY=
PARTS=
FAILED=
STOPPED=no
VALIDATED=
UNREACHABLE=no
UPLOADED=
LANES=
CHILD=
WORK=
LIST=
LOCKED=no

# What is said beside the commands of a dry run is a comment there.
say() { if [ "$DRY_RUN" = yes ]; then printf '%s\n' "$*" | sed 's/^/# /'; else printf '%s\n' "$*"; fi; }
complain() { printf '%s\n' "$*" >&2; }
now() { date -u +%Y-%m-%dT%H:%M:%SZ; }

# Wrong options or environment.
refuse() {
  complain "$NAME: $*"
  exit 2
}

options() {
  while [ $# -gt 0 ]; do
    case "$1" in
      --help | -h) usage; exit 0 ;;
      --dry-run) DRY_RUN=yes ;;
      --keep-going) KEEP_GOING=yes ;;
      --restart) RESTART=yes ;;
      --sizes-only) COMPARE=sizes ;;
      --read-back) COMPARE=contents ;;
      --only) [ $# -gt 1 ] || refuse '--only needs the number of a job'; only "$2"; shift ;;
      --only=*) only "${1#--only=}" ;;
      upload | copy | validate | recover | status) PARTS="$PARTS$1 " ;;
      *) complain "$NAME: $1 is neither an option nor a part."; usage >&2; exit 2 ;;
    esac
    shift
  done
  [ -n "$PARTS" ] || PARTS='upload copy validate '
}

only() {
  case "$1" in '' | *[!0-9]*) refuse "--only needs the number of a job, not $1" ;; esac
  { [ "$1" -ge 1 ] && [ "$1" -le "$JOBS" ]; } || refuse "there is no job $1: they are numbered from 1 to $JOBS"
  ONLY="$ONLY$1 "
}

environment() {
  # Java takes its arguments by the locale: in another one each letter beyond ASCII would become a question mark.
  [ "$(locale charmap 2>/dev/null)" = UTF-8 ] || { LC_ALL=C.UTF-8; export LC_ALL; }
  distcp_opts
  for program in awk sed sort xargs mktemp cksum; do
    command -v "$program" >/dev/null || refuse "$program is needed and is not on the PATH."
  done
  if [ "$DRY_RUN" = no ] && ! command -v "$HADOOP" >/dev/null; then
    complain "$NAME: $HADOOP: there is no such command. Set HADOOP to Hadoop's launcher."
    exit 4
  fi
  if [ "$COMPARE" = contents ]; then choose_digest; fi
  WORK="$(mktemp -d)" || exit 2
  FILTERS="$WORK/filters"
}

choose_digest() {
  [ "$(printf 'ab' | { head -c 1; head -c 1; })" = ab ] || refuse '--read-back needs a head that knows -c and reads no more than it is told.'
  for DIGEST in 'sha256sum' 'shasum -a 256' 'cksum'; do
    if command -v "${DIGEST%% *}" >/dev/null; then return 0; fi
  done
}

# With a keytab: before each part and each job, since a ticket may end during a long run.
login() {
  if [ -z "$KINIT_PRINCIPAL" ] || [ -z "$KINIT_KEYTAB" ]; then return 0; fi
  if [ "$DRY_RUN" = yes ]; then show kinit -kt "$KINIT_KEYTAB" "$KINIT_PRINCIPAL"; return 0; fi
  kinit -kt "$KINIT_KEYTAB" "$KINIT_PRINCIPAL" && return 0
  complain "kinit failed for $KINIT_PRINCIPAL with $KINIT_KEYTAB. Check that the keytab is readable and holds this principal."
  finish 4
}

# A command as it can be pasted into a shell.
show() {
  line=
  for word in "$@"; do
    case "$word" in
      '' | *[!A-Za-z0-9_/:=.,@%+-]*) word="'$(printf '%s' "$word" | sed "s/'/'\\\\''/g")'" ;;
    esac
    line="$line $word"
  done
  printf '%s\n' "${line# }"
}

# Hadoop reads globs in names of files.
for_hadoop() { sed 's/[][\\*?{}]/\\&/g'; }

# Runs a command of Hadoop's file system with the names of standard input, one a line, as often as they need.
with_names() { tr '\001' '\t' | for_hadoop | sed 's/./\\&/g' | xargs "$HADOOP" fs "$@"; }

# True when a text tells of a cluster that does not answer.
is_unreachable() {
  grep -qE 'ConnectException|Connection refused|UnknownHostException|NoRouteToHost|SocketTimeoutException|StandbyException' "$1"
}

# The line of a log that says most.
cause_in() {
  grep -m 1 -E 'DuplicateFileException|InvalidInputException|AccessControlException|AccessDenied|Checksum mismatch|QuotaExceeded|is not a super user|ConnectException|UnknownHostException|No such file|Permission denied|SimpleCopyListing: Giving up on' "$1" ||
    tail -n 1 "$1"
}

# LOG TEXT: says what failed and why; a cluster that does not answer decides the exit code.
failed_by() {
  complain "$2: $(cause_in "$1")"
  if is_unreachable "$1"; then UNREACHABLE=yes; fi
  return 1
}

cleanup() {
  if [ -n "$WORK" ]; then rm -rf "$WORK"; fi
  if [ "$LOCKED" = yes ]; then rm -rf "$STATE_DIR/lock"; fi
}

finish() {
  cleanup
  trap - EXIT
  exit "$1"
}

# DistCp's client is ended; what it began on YARN is looked for by the next run.
end_child() {
  trap '' INT TERM HUP
  if [ -n "$CHILD" ]; then kill "$CHILD" 2>/dev/null; wait "$CHILD" 2>/dev/null; fi
}

interrupted() {
  end_child
  for lane in $LANES; do kill "$lane" 2>/dev/null; wait "$lane" 2>/dev/null; done
  complain "$NAME: interrupted. Run it again: it goes on where it stopped."
  finish 130
}

# How far the jobs are: lines of TIME NUMBER STATE; the last one of a number counts. They are of this very script only.
open_status() {
  STATUS="$STATE_DIR/status"
  if [ "$DRY_RUN" = yes ]; then return 0; fi
  mkdir -p "$STATE_DIR/logs" || refuse "$STATE_DIR cannot be made; set STATE_DIR to a folder that can."
  lock
  heading="# $DATABASE, script $(if [ -f "$0" ]; then cksum <"$0"; else printf unknown; fi)"
  if [ ! -f "$STATUS" ] || [ "$RESTART" = yes ]; then
    begin_status
  elif [ "$(head -n 1 "$STATUS")" != "$heading" ]; then
    say 'This script is another one than at the last run: it begins anew.'
    begin_status
  elif grep -q ' all DONE$' "$STATUS" && [ "$PARTS" != 'status ' ]; then
    begin_status
  fi
  load_states
}

begin_status() {
  printf '%s\n' "$heading" >"$STATUS"
  rm -f "$STATE_DIR/failed_paths.txt" "$STATE_DIR/differences.txt" "$STATE_DIR/damaged"
}

load_states() {
  awk '$2 ~ /^[0-9]+$/ && $3 ~ /^[A-Z]+$/ { state[$2] = $3 } END { for (n in state) print "state_" n "=" state[n] }' "$STATUS" >"$WORK/states"
  # shellcheck source=/dev/null
  . "$WORK/states"
}

state_of() { eval "printf '%s' \"\${state_$1:-PLANNED}\""; }

# NUMBER STATE [COUNTS]
set_state() {
  eval "state_$1=$2"
  printf '%s %s\n' "$(now)" "$*" >>"$STATUS"
}

# One run of this script at a time.
lock() {
  if ! mkdir "$STATE_DIR/lock" 2>/dev/null; then
    other="$(cat "$STATE_DIR/lock/pid" 2>/dev/null)"
    if [ -n "$other" ] && kill -0 "$other" 2>/dev/null; then
      complain "$NAME: another run works here, process $other. If that is something else, remove $STATE_DIR/lock."
      finish 1
    fi
  fi
  printf '%s\n' "$$" >"$STATE_DIR/lock/pid"
  LOCKED=yes
}

is_chosen() {
  if [ -z "$ONLY" ]; then return 0; fi
  case " $ONLY" in *" $1 "*) return 0 ;; esac
  return 1
}

# Runs a function with the number of each chosen job, and stops when it fails.
each_job() {
  number=0
  while [ "$number" -lt "$JOBS" ]; do
    number=$((number + 1))
    if is_chosen "$number"; then "$@" "$number" || return 1; fi
  done
}

part_status() {
  say "Database $DATABASE, $JOBS jobs. Status: $STATUS"
  each_job print_state
}

print_state() {
  describe "$1"
  say "  job $1 $(state_of "$1"): $TITLE"
}

# The words that jobs are described by. DOING says what they do: describing, listing, recording, copying.
describe() {
  DOING=describing
  BY_LIST=no
  job_"$1"
}

title() { TITLE="$1"; }
tag() { TAG="$1"; }

# Regular expressions of what DistCp leaves out.
left_out() {
  if [ "$DOING" = copying ]; then printf '%s\n' "$@" >"$FILTERS"; fi
}

# SOURCE TARGET [-x LEFT_OUT]... [-v COPIED_THOUGH_IT_LOOKS_HIDDEN]... [-o MAY_BE_ABSENT]
directory() {
  if [ "$DOING" = recording ]; then record_directory "$@"; fi
}

record_directory() {
  case "$*" in *"$NEWLINE"*) UNREADABLE="$UNREADABLE$number "; return 0 ;; esac
  DIRECTORIES=$((DIRECTORIES + 1))
  printf 'I%s\nC%s\nS%s\nT%s\n' "$DIRECTORIES" "$number" "${1%/}" "${2%/}" >>"$WORK/directories"
  shift 2
  while [ $# -gt 1 ]; do
    case "$1" in
      -x) printf 'X%s\n' "$2" ;;
      -v) printf 'V%s\n' "$2" ;;
      -o) printf 'O%s\n' "$2" ;;
    esac >>"$WORK/directories"
    shift 2
  done
}

# TEXT: why a job cannot be run.
cannot() {
  if [ "$DOING" = copying ]; then complain "  $1"; return 1; fi
}

# One directory into one directory.
distcp() {
  if [ "$DOING" = copying ]; then run_distcp "$@" && copy_damaged "$@"; fi
}

# SOURCE, then the words of its DistCp: a partition's directory that the metastore knows and nobody may have made.
distcp_if_there() {
  if [ "$DOING" != copying ]; then return 0; fi
  if [ "$DRY_RUN" = no ] && ! is_there "$1"; then return "$ABSENT"; fi
  shift
  distcp "$@"
}

# TARGET SNAPSHOT, then the words of a DistCp by -diff: what changed between two snapshots of the source, deletions and renames too.
# DistCp refuses a target that was changed since. That the target has the latter snapshot says that this is done.
distcp_diff() {
  if [ "$DOING" != copying ]; then return 0; fi
  place="$1"
  snapshot="$2"
  shift 2
  if [ "$DRY_RUN" = no ]; then
    is_there "$place/.snapshot/$snapshot" && return 0
    if [ "$ABSENT" -ne 0 ]; then return 1; fi
  fi
  run_distcp "$@" || return 1
  hadoop_fs -createSnapshot "$(printf '%s\n' "$place" | for_hadoop)" "$snapshot"
}

# ABSENT: what it means that it is not there, 1 when that cannot be known.
is_there() {
  ABSENT=0
  printf '%s\n' "$1" | with_names -ls -d -C >"$WORK/found" 2>"$WORK/errors" && return 0
  grep -q ': No such file or directory$' "$WORK/errors" && return 1
  ABSENT=1
  failed_by "$WORK/errors" "  $1 cannot be looked at"
}

# Several directories by one list. Only when none of them is on the target: files of an existing one would be left unread.
distcp_list() {
  BY_LIST=yes
  if [ "$DOING" != copying ]; then return 0; fi
  if [ "$DRY_RUN" = yes ]; then run_distcp "$@"; return 0; fi
  if are_targets_there; then BY_LIST=no; return 0; fi
  upload_list "$number" || return 1
  BY_LIST=yes
  DOING=copying
  # A list of one directory would be content to content.
  if [ "$(wc -l <"$WORK/list")" -lt 2 ]; then BY_LIST=no; return 0; fi
  run_distcp "$@"
}

# Otherwise those that differ, one by one; called with the options.
distcp_each() {
  if [ "$DOING" != copying ] || [ "$BY_LIST" = yes ]; then return 0; fi
  compare || return 1
  awk -F '\t' '$2 != "EXTRA" { print $1 }' "$WORK/differences" | sort -n -u >"$WORK/differing"
  # Files of those that differ are counted by DistCp.
  SKIPPED="$(awk -F '\t' 'FILENAME ~ /differing$/ { differs[$1] = 1; next } !($1 in differs) { count++ } END { print count + 0 }' "$WORK/differing" "$WORK/checked" "$WORK/rest")"
  while read -r item <&4; do
    field "$item" T | with_names -mkdir -p || return 1
    run_distcp "$@" "$(field "$item" S | for_hadoop)" "$(field "$item" T)" || return 1
  done 4<"$WORK/differing"
  copy_damaged "$@" - -
}

# Writes down the directories of the chosen jobs, or of one.
record() {
  DOING=recording
  DIRECTORIES=0
  UNREADABLE=
  : >"$WORK/directories"
  if [ $# -gt 0 ]; then number="$1"; job_"$1"; else each_job record_job; fi
}

record_job() { job_"$1"; }

# ITEM LETTER: one field of a directory that was written down.
field() { awk -v item="I$1" -v letter="$2" '/^I/ { mine = $0 == item } mine && substr($0, 1, 1) == letter { print substr($0, 2) }' "$WORK/directories"; }

# All fields of one letter; the root of a file system needs its slash.
fields() { sed -n -e "/^$1/ { s/^$1//; s,^[^/]*//[^/]*\$,&/,; p; }" "$WORK/directories"; }

part_upload() {
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

list_of() { printf '%s/%s_%s.txt' "$HCFS_BASE_DIR" "${STEM}_distcp_source" "$1"; }

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
}

part_validate() {
  if [ "$DRY_RUN" = yes ]; then say "validate: lists both sides and compares $COMPARE"; return 0; fi
  login
  # All of them, since what another job brings below a target is not foreign there.
  chosen="$ONLY"
  ONLY=
  record
  ONLY="$chosen"
  compare || return 1
  LC_ALL=C awk -F '\t' "$SUM_BY_COPY" "$WORK/directories" "$WORK/joined" "$WORK/differences" "$WORK/checked" >"$WORK/results"
  VALIDATED=yes
  while read -r number files bytes checked different <&4; do
    if is_chosen "$number"; then judge "$number"; fi
  done 4<"$WORK/results"
  for number in $UNREADABLE; do
    VALIDATED=no
    complain "  job $number: its directories have line feeds in their names, so that listings of them cannot be read."
  done
  publish_differences
  [ "$VALIDATED" = yes ]
}

# Says what became of one job.
judge() {
  describe "$1"
  if [ "$(state_of "$1")" = FAILED ]; then
    verdict='FAILED: not validated, its DistCp failed'
  elif [ "$different" != 0 ]; then
    verdict="DIFFERS: $different"
    set_state "$1" DIFFERS
  else
    verdict="VALID: $files files, $bytes bytes, $(proof)"
    set_state "$1" VALID "files=$files bytes=$bytes checked=$checked"
  fi
  case "$verdict" in VALID*) ;; *) VALIDATED=no ;; esac
  say "  job $1 $TITLE: $verdict"
}

# What the verdict rests on.
proof() {
  if [ "$COMPARE" = sizes ]; then
    printf 'sizes equal'
  elif [ "$checked" -ge "$files" ]; then
    printf 'contents equal'
  elif [ "$checked" -eq 0 ]; then
    printf 'sizes equal; contents not compared, the file systems have no checksum in common (--read-back compares them)'
  else
    printf 'contents of %s equal, of %s only sizes (--read-back compares contents)' "$checked" "$((files - checked))"
  fi
}

# What differs goes to files, one name a line, and the first of them to the screen.
publish_differences() {
  awk -F '\t' '$2 != "EXTRA" { print $3 }' "$WORK/differences" | names >"$STATE_DIR/failed_paths.txt"
  awk -F '\t' '{ print $2 "\t" ($2 == "EXTRA" ? $4 : $3 " -> " $4) }' "$WORK/differences" | names >"$STATE_DIR/differences.txt"
  awk -F '\t' 'NR == FNR { if (/^I/) item = substr($0, 2); if (/^C/) copy[item] = substr($0, 2); next } $2 == "CONTENT" { print copy[$1]; print $3; print $4 }' \
    "$WORK/directories" "$WORK/differences" | names >"$STATE_DIR/damaged"
  if [ ! -s "$STATE_DIR/differences.txt" ]; then return 0; fi
  complain "Differences: $(wc -l <"$STATE_DIR/differences.txt" | tr -d ' '), all in $STATE_DIR/differences.txt"
  head -n 10 "$STATE_DIR/differences.txt" >&2
  if grep -q '^EXTRA' "$STATE_DIR/differences.txt"; then
    complain 'EXTRA is on the target only: nothing removes it. Remove it by hand if Hive must not read it.'
  fi
  if [ -s "$STATE_DIR/failed_paths.txt" ]; then complain "Run the script again: it copies what $STATE_DIR/failed_paths.txt names."; fi
}

# Compares the directories that were written down: joined, differences and checked say how.
compare() {
  list_side S "$WORK/source.ls" || return 1
  list_side T "$WORK/target.ls" || return 1
  if ! LC_ALL=C awk "$JOIN_LISTINGS" "$WORK/directories" side=source "$WORK/source.ls" side=target "$WORK/target.ls" >"$WORK/joined"; then
    complain 'validate: a name holds a line feed, so that listings cannot be read.'
    return 1
  fi
  { sed -n 's/^D//p' "$WORK/joined"; absent_sources; } >"$WORK/differences"
  : >"$WORK/checked"
  # Nothing is in an empty file that could differ.
  awk -F '\t' -v checked="$WORK/checked" '/^F/ { if ($2 == 0) print substr($1, 2) >checked; else print substr($0, 2) }' "$WORK/joined" >"$WORK/rest"
  if [ "$COMPARE" != sizes ]; then compare_checksums || return 1; fi
  if [ "$COMPARE" = contents ]; then compare_contents || return 1; fi
}

# S or T, FILE: lists all directories of one side. What is not there has no files; any other error ends the comparison.
list_side() {
  fields "$1" | with_names -ls -R >"$2" 2>"$WORK/errors"
  grep -v '^ls: .*: No such file or directory$' "$WORK/errors" >"$WORK/unlisted"
  if grep -q '^ls: ' "$WORK/unlisted" || is_unreachable "$WORK/unlisted"; then
    failed_by "$WORK/unlisted" 'validate: a directory cannot be listed'
    return 1
  fi
  if [ "$1" = S ]; then cp "$WORK/errors" "$WORK/absent"; fi
}

# Sources that are not there and should be.
absent_sources() {
  awk -F '\t' '
    FILENAME ~ /absent$/ { if (/^ls: .*: No such file or directory$/) { path = $0; sub(/^ls: ./, "", path); sub(/.: No such file or directory$/, "", path); absent[path] = 1 } next }
    { value = substr($0, 2) }
    /^I/ { item = value } /^S/ { source[item] = value } /^T/ { target[item] = value } /^O/ { may_be_absent[item] = 1 }
    END { for (item in source) if (source[item] in absent && !(item in may_be_absent)) print item "\tNO_SOURCE\t" source[item] "\t" target[item] }
  ' "$WORK/absent" "$WORK/directories"
}

# Between HDFSs: COMPOSITE_CRC does not depend on the size of blocks.
compare_checksums() {
  awk -F '\t' -v other="$WORK/other" '$3 ~ /^(hdfs|viewfs):/ && $4 ~ /^(hdfs|viewfs):/ { print; next } { print >other }' "$WORK/rest" >"$WORK/hdfs"
  touch "$WORK/other"
  awk -F '\t' '{ print $3; print $4 }' "$WORK/hdfs" | with_names -Ddfs.checksum.combine.mode=COMPOSITE_CRC -checksum >"$WORK/checksums" 2>"$WORK/errors"
  if is_unreachable "$WORK/errors"; then failed_by "$WORK/errors" 'validate: checksums cannot be read'; return 1; fi
  LC_ALL=C awk -F '\t' -v checked="$WORK/checked" -v differences="$WORK/differences" "$JOIN_CHECKSUMS" "$WORK/checksums" "$WORK/hdfs" >>"$WORK/other"
  mv "$WORK/other" "$WORK/rest"
}

# Elsewhere both sides are read.
compare_contents() {
  if [ ! -s "$WORK/rest" ]; then return 0; fi
  for side in 3 4; do
    digests "$side" >"$WORK/digests.$side" || return 1
  done
  paste "$WORK/rest" "$WORK/digests.3" "$WORK/digests.4" |
    awk -F '\t' -v checked="$WORK/checked" -v differences="$WORK/differences" '
      $5 == $6 { print $1 >>checked; next }
      { print $1 "\tCONTENT\t" $3 "\t" $4 >>differences }'
}

# COLUMN of rest: a digest for each file, all of them read as one stream that is cut by their sizes.
digests() {
  awk -F '\t' '{ print $2 }' "$WORK/rest" >"$WORK/sizes"
  : >"$WORK/read"
  { cut -f "$1" "$WORK/rest" | with_names -cat 2>"$WORK/errors" && printf 'all' >"$WORK/read"; } |
    while read -r size <&6; do head -c "$size" | $DIGEST; done 6<"$WORK/sizes"
  if [ -s "$WORK/read" ]; then return 0; fi
  failed_by "$WORK/errors" 'validate: files cannot be read back'
}

names() { tr '\001' '\t'; }

# Puts what lies below the sources beside what lies below the targets, after a list of the directories. Tabs in names become \001.
JOIN_LISTINGS='
function stem(path) { match(path, /\/[^\/]*$/); return substr(path, 1, RSTART - 1) }
function taken(item, path, root, part, name, anchored, veiled) {
  for (part = path; ; part = stem(part)) {
    if ((side, item, part) in left) return 0
    if ((side, item, part) in shown) anchored = 1
    if (part == root) return !veiled
    name = substr(part, length(stem(part)) + 2)
    if (!anchored && name ~ /^[_.]/) veiled = 1
  }
}
function on_target(item, path) { return target[item] substr(path, length(source[item]) + 1) }
function say_difference(item, kind, from, to) { print "D" item "\t" kind "\t" from "\t" to }
function want(item, path, size, to) {
  to = on_target(item, path)
  if (to in wanted) { say_difference(item, "COLLISION", path, to); return }
  wanted[to] = path; sizes[to] = size; owner[to] = item; order[++count] = to
  print "I" item "\t" size
}
{ gsub(/\t/, "\001") }
side == "" {
  value = substr($0, 2)
  if (/^I/) item = value
  if (/^S/) { source[item] = value; at[("source"), value] = at["source", value] " " item; shown["source", item, value] = 1 }
  if (/^T/) { target[item] = value; at["target", value] = at["target", value] " " item; shown["target", item, value] = 1 }
  if (/^X/) { left["source", item, value] = 1; left["target", item, on_target(item, value)] = 1 }
  if (/^V/) { shown["source", item, value] = 1; shown["target", item, on_target(item, value)] = 1 }
  next
}
!/^[-d]/ || !match($0, / [0-9]+ [0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9] [0-9][0-9]:[0-9][0-9] /) { print "not a line of a listing: " $0 >"/dev/stderr"; stray = 1; exit }
/^d/ { next }
{
  path = substr($0, RSTART + RLENGTH); split(substr($0, RSTART + 1), words, " "); size = words[1]
  if ((side, path) in seen) next
  seen[side, path] = 1
}
side == "target" && (path in wanted) {
  if (sizes[path] == size) print "F" owner[path] "\t" size "\t" wanted[path] "\t" path
  else say_difference(owner[path], "SIZE", wanted[path], path)
  next
}
{
  for (part = stem(path); part != ""; part = stem(part)) {
    if (!((side, part) in at)) continue
    owners = split(at[side, part], items, " ")
    for (o = 1; o <= owners; o++) {
      if (side == "source" && taken(items[o], path, part)) want(items[o], path, size)
      if (side == "target" && taken(items[o], path, part)) { say_difference(items[o], "EXTRA", "", path); break }
    }
    if (side == "target") break
  }
}
END {
  if (stray) exit 1
  for (i = 1; i <= count; i++) if (!(("target", order[i]) in seen)) say_difference(owner[order[i]], "MISSING", wanted[order[i]], order[i])
}'

# Checksums, then the files; prints files whose checksums are of different kinds.
JOIN_CHECKSUMS='
NR == FNR {
  if (match($0, /\t[^\t]+\t[0-9a-f]+\r?$/)) { path = substr($0, 1, RSTART - 1); gsub(/\t/, "\001", path); sum[path] = substr($0, RSTART + 1) }
  next
}
!($3 in sum) || !($4 in sum) { print $1 "\tNO_CHECKSUM\t" $3 "\t" $4 >>differences; next }
sum[$3] == sum[$4] { print $1 >>checked; next }
{ split(sum[$3], from, "\t"); split(sum[$4], to, "\t") }
from[1] != to[1] { print; next }
{ print $1 "\tCHECKSUM\t" $3 "\t" $4 >>differences }'

# JOB FILES BYTES CHECKED DIFFERENCES, for each job that was written down.
SUM_BY_COPY='
FILENAME ~ /\/directories$/ { value = substr($0, 2); if (/^I/) item = value; if (/^C/) { copy[item] = value; if (!(value in known)) { known[value] = 1; order[++count] = value } } next }
FILENAME ~ /\/joined$/ { if (/^I/) { owner = copy[substr($1, 2)]; files[owner]++; bytes[owner] += $2 } next }
FILENAME ~ /\/differences$/ { different[copy[$1]]++; next }
{ checked[copy[$1]]++ }
END { for (i = 1; i <= count; i++) { c = order[i]; printf "%s %d %.0f %d %d\n", c, files[c], bytes[c], checked[c], different[c] } }'

# Jobs that were begun and did not come to their end: their applications may run still, and their temporary files lie on the target.
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
}

main() {
  options "$@"
  environment
  trap cleanup EXIT
  trap interrupted INT TERM HUP
  open_status
  for part in $PARTS; do
    login
    if ! run_part "$part"; then
      FAILED="$FAILED$part "
      if [ "$KEEP_GOING" = no ]; then break; fi
    fi
  done
  if [ "$DRY_RUN" = yes ]; then finish 0; fi
  if [ -n "$FAILED" ] || [ "$VALIDATED" = no ]; then
    complain "$NAME: not everything is copied and validated. Status and logs: $STATE_DIR"
    if [ "$UNREACHABLE" = yes ]; then finish 4; fi
    finish 1
  fi
  case "$VALIDATED$ONLY" in
    yes) printf '%s all DONE\n' "$(now)" >>"$STATUS"; say "done: all $JOBS jobs are copied and validated" ;;
    yes*) say 'done: the chosen jobs are copied and validated' ;;
    *) case "$PARTS" in *copy*) say 'done: copied, not validated' ;; esac ;;
  esac
  finish 0
}

run_part() {
  case "$1" in
    upload) part_upload ;;
    copy) part_copy ;;
    validate) part_validate ;;
    recover) part_recover ;;
    status) part_status ;;
  esac
}

main "$@"
