import type { FaultCategory, Retry } from '../faults.ts';

/** Why DistCp failed. The message says what was found and what to do; the subject is the caller's to add. */
export interface DistCpCause {
  readonly code: string;
  readonly message: string;
  readonly category: FaultCategory;
  readonly retry: Retry;
}

interface CausePattern {
  readonly code: string;
  readonly pattern: RegExp;
  readonly category: FaultCategory;
  readonly retry: Retry;
  readonly advice: string;
}

/** More telling ones first: the summary at the end of a log never names the cause (`failed with state FAILED due to: NA`). */
const PATTERNS: readonly CausePattern[] = [
  {
    code: 'DISTCP_DUPLICATE_FILES',
    category: 'defect',
    retry: 'never',
    pattern: /DuplicateFileException: (.*)/,
    advice: 'Two sources would land on one path: the copy plan is wrong.',
  },
  {
    code: 'DISTCP_SOURCE_MISSING',
    category: 'environment',
    retry: 'operator',
    pattern: /InvalidInputException: (.* doesn't exist)/,
    advice: 'Restore the directory at the source, or drop what points to it, then resume.',
  },
  {
    code: 'DISTCP_TARGET_IS_FILE',
    category: 'environment',
    retry: 'operator',
    pattern: /InvalidInputException: (Cannot copy .*|Multiple source being copied to a file.*)/,
    advice: 'Move the file away that lies where a directory must go.',
  },
  {
    code: 'DISTCP_NOT_SUPERUSER',
    category: 'environment',
    retry: 'operator',
    pattern: /(User \S+ is not a super user.*)/,
    advice: 'Only a superuser may keep owners.',
  },
  {
    code: 'DISTCP_ACCESS_DENIED',
    category: 'environment',
    retry: 'operator',
    pattern: /AccessControlException\)?: (.*)/,
    advice: 'Let this user read the source and write the target, then resume.',
  },
  {
    code: 'DISTCP_ACCESS_DENIED',
    category: 'environment',
    retry: 'operator',
    pattern: /AccessDeniedException: (.*)/,
    advice: 'Let this account read the source and write the target, then resume.',
  },
  {
    code: 'DISTCP_CHECKSUM_MISMATCH',
    category: 'environment',
    retry: 'later',
    pattern: /(Checksum mismatch between .*)/,
    advice: 'The copy differs from its source, which may have changed meanwhile.',
  },
  {
    code: 'DISTCP_SIZE_MISMATCH',
    category: 'environment',
    retry: 'later',
    pattern: /(Mismatch in length of .*)/,
    advice: 'The copy differs from its source, which may have changed meanwhile.',
  },
  {
    code: 'DISTCP_QUOTA_EXCEEDED',
    category: 'environment',
    retry: 'operator',
    pattern: /(?:NS|DS)?QuotaExceededException\)?: (.*)/,
    advice: 'Raise the quota of the target directory or make room, then resume.',
  },
  {
    code: 'DISTCP_BUCKET_MISSING',
    category: 'environment',
    retry: 'operator',
    pattern: /(NoSuchBucket.*|.*bucket does not exist.*|UnknownStoreException: .*)/i,
    advice: 'Create the bucket or correct the location, then resume.',
  },
  {
    code: 'DISTCP_NOT_AUTHENTICATED',
    category: 'environment',
    retry: 'operator',
    pattern: /(GSSException: .*|Client cannot authenticate via.*|NoAuthWithAWSException.*|InvalidAccessKeyId.*|SignatureDoesNotMatch.*)/,
    advice: 'Check the credentials of the Hadoop command.',
  },
  {
    code: 'DISTCP_UNKNOWN_HOST',
    category: 'environment',
    retry: 'operator',
    pattern: /UnknownHostException: (.*)/,
    advice: 'Check the host of the location, and that the Hadoop command knows both name services.',
  },
  {
    code: 'DISTCP_SAFE_MODE',
    category: 'environment',
    retry: 'later',
    pattern: /(Name node is in safe mode.*)/,
    advice: 'The NameNode takes no writes now.',
  },
  {
    code: 'DISTCP_UNREACHABLE',
    category: 'environment',
    retry: 'later',
    pattern: /(?:ConnectException|NoRouteToHostException|ConnectTimeoutException|SocketTimeoutException): (.*)/,
    advice: 'The file system did not answer.',
  },
  {
    code: 'DISTCP_UNREACHABLE',
    category: 'environment',
    retry: 'later',
    pattern: /StandbyException\)?: (.*)/,
    advice: 'The NameNode is a standby: name the name service, not one host.',
  },
  {
    code: 'DISTCP_NO_SPACE',
    category: 'environment',
    retry: 'operator',
    pattern: /(could only be (?:written|replicated) to \d.*|No space left on device.*|DiskOutOfSpaceException.*)/,
    advice: 'Make room, then resume.',
  },
  {
    code: 'DISTCP_BLOCK_MISSING',
    category: 'environment',
    retry: 'operator',
    pattern: /BlockMissingException: (.*)/,
    advice: 'A source file has lost blocks: restore it or drop it.',
  },
  {
    code: 'DISTCP_SOURCE_CHANGED',
    category: 'environment',
    retry: 'later',
    pattern: /FileNotFoundException: (.*)/,
    advice: 'A file vanished while it was copied.',
  },
  {
    code: 'DISTCP_ARGUMENTS_REFUSED',
    category: 'defect',
    retry: 'never',
    pattern: /(Invalid arguments: \S.*|IllegalArgumentException: .*|Unrecognized option.*|ParseException: .*)/,
    advice: 'This DistCp refuses our arguments.',
  },
  {
    code: 'DISTCP_OUT_OF_MEMORY',
    category: 'environment',
    retry: 'operator',
    pattern: /(java\.lang\.OutOfMemoryError.*)/,
    advice: 'Give the Hadoop command more heap (HADOOP_CLIENT_OPTS).',
  },
  {
    code: 'HADOOP_COMMAND_BROKEN',
    category: 'environment',
    retry: 'operator',
    pattern: /(Could not find or load main class.*|NoClassDefFoundError: .*|JAVA_HOME is not set.*|Unable to locate a Java Runtime.*)/,
    advice: 'The Hadoop command cannot start its programs.',
  },
];

/** The cause that the log names, by the most telling pattern. */
export function causeInLog(lines: readonly string[]): DistCpCause | undefined {
  for (const { code, pattern, category, retry, advice } of PATTERNS) {
    const found = firstMatch(lines, pattern);
    if (found !== undefined) return { code, message: `${sentence(found)} ${advice}`, category, retry };
  }
  return undefined;
}

/**
 * Why a run failed, from its exit code, the signal that ended it, and the cause in its log.
 * Codes seen: 25 failed job (-999), 255 arguments or missing source, 254 duplicates; 253 and 252 (ACLs, extended attributes) by the source.
 */
export function distCpFailure(end: {
  readonly exitCode: number;
  readonly lastLines: readonly string[];
  readonly cause?: DistCpCause;
}): DistCpCause {
  const { exitCode } = end;
  if ([129, 130, 137, 143].includes(exitCode)) {
    return {
      code: 'DISTCP_KILLED',
      message: `DistCp was killed (exit code ${exitCode}). It is run again.`,
      category: 'environment',
      retry: 'later',
    };
  }
  if (exitCode === 126 || exitCode === 127) {
    return {
      code: 'HADOOP_COMMAND_NOT_FOUND',
      message: `The Hadoop command cannot be run (exit code ${exitCode}). Correct it in the cluster's registration.`,
      category: 'environment',
      retry: 'operator',
    };
  }
  return end.cause ?? byExitCode(exitCode, end.lastLines);
}

function byExitCode(exitCode: number, lastLines: readonly string[]): DistCpCause {
  const error = lastLines.findLast((line) => / (?:ERROR|FATAL) |Exception|Error:/.test(line));
  const said = error === undefined ? '' : ` It said: ${sentence(error.trim())}`;
  if (exitCode === 252 || exitCode === 253) {
    const what = exitCode === 253 ? 'ACLs' : 'extended attributes';
    return {
      code: 'DISTCP_ATTRIBUTES_UNSUPPORTED',
      message: `A file system does not keep ${what} (exit code ${exitCode}).${said}`,
      category: 'environment',
      retry: 'never',
    };
  }
  if (exitCode === 254)
    return { code: 'DISTCP_DUPLICATE_FILES', message: `Two sources would land on one path.${said}`, category: 'defect', retry: 'never' };
  return {
    code: 'DISTCP_FAILED',
    message: `DistCp ended with exit code ${exitCode}.${said} Its log says more.`,
    category: 'environment',
    retry: 'later',
  };
}

function firstMatch(lines: readonly string[], pattern: RegExp): string | undefined {
  for (const line of lines) {
    const match = pattern.exec(line);
    if (match !== null) return match[1];
  }
  return undefined;
}

function sentence(text: string): string {
  const short = text.trim().length > 500 ? `${text.trim().slice(0, 500)}...` : text.trim();
  return /[.!?]$/.test(short) ? short : `${short}.`;
}
