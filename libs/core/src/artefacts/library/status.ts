import { shellText } from '../shell.ts';

/** How far the jobs are, in a file, so that a second run goes on. */
export const STATUS = shellText`# How far the jobs are: lines of TIME NUMBER STATE; the last one of a number counts. They are of this very script only.
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

state_of() { eval "printf '%s' \"\$\{state_$1:-PLANNED}\""; }

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
}`;
