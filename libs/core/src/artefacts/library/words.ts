import { shellText } from '../shell.ts';

/** The words that the jobs of a script are described by. */
export const WORDS = shellText`# The words that jobs are described by. DOING says what they do: describing, listing, recording, copying.
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
  printf 'I%s\nC%s\nS%s\nT%s\n' "$DIRECTORIES" "$number" "$\{1%/}" "$\{2%/}" >>"$WORK/directories"
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
fields() { sed -n -e "/^$1/ { s/^$1//; s,^[^/]*//[^/]*\$,&/,; p; }" "$WORK/directories"; }`;
