import { shellText } from '../shell.ts';

/** The parts in their order, and the exit code. */
export const MAIN = shellText`main() {
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
}`;
