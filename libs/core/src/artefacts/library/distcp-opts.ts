import { REFUSED_PROPERTIES } from '../../distcp/link-options.ts';
import { shellText } from '../shell.ts';

/** The queue may be said here: a request has a key of its own for it. */
const REFUSED = Object.keys(REFUSED_PROPERTIES)
  .filter((name) => name !== 'mapreduce.job.queuename')
  .join(' | ');

/** What DISTCP_OPTS may not say. DistCp takes `--delete` for `-delete`, and `-D NAME=VALUE` for `-DNAME=VALUE` (3.4.2). */
export const DISTCP_OPTS = [
  shellText`# Options of DISTCP_OPTS that would copy other things to other places, or hide what went wrong.
distcp_opts() {
  for option in $DISTCP_OPTS; do
    case "$option" in --*) option="$\{option#-}" ;; esac
    case "$option" in
      -delete) refuse 'DISTCP_OPTS: -delete removes files that the plan does not own.' ;;
      -i) refuse 'DISTCP_OPTS: -i hides files that failed: DistCp then ends with 0.' ;;
      -async) refuse 'DISTCP_OPTS: -async ends before its job does.' ;;
      -skipcrccheck) refuse 'DISTCP_OPTS: -skipcrccheck leaves damaged files as they are.' ;;
      -update | -overwrite | -append | -diff | -rdiff | -atomic | -f | -filters)
        refuse "DISTCP_OPTS: $option changes what is copied where; the plan has said that." ;;
      *=*) distcp_property "$\{option#-D}" ;;
    esac
  done
}

# NAME=VALUE
distcp_property() {
  case "$\{1%%=*}" in`,
  `    ${REFUSED})`,
  shellText`      refuse "DISTCP_OPTS: $\{1%%=*} cannot be said: by it other files are copied, they are checked otherwise, or jobs are not found again." ;;
    *secret* | *password* | *passphrase* | *access.key* | *account.key* | *session.token*)
      refuse "DISTCP_OPTS: $\{1%%=*} looks like a secret, and arguments are seen by everybody on the host: put it into a credential provider." ;;
  esac
}`,
].join('\n');
