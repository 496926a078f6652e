import { shellText } from '../shell.ts';

/** Options, environment, kinit, names as Hadoop takes them, and the end of a script. */
export const ENVIRONMENT = shellText`NEWLINE='
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
      --only=*) only "$\{1#--only=}" ;;
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
    if command -v "$\{DIGEST%% *}" >/dev/null; then return 0; fi
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
  printf '%s\n' "$\{line# }"
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
}`;
