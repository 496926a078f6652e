/** Exit codes of every command. */
export const EXIT_CODES = {
  done: 0,
  notVerified: 1,
  refused: 2,
  plannedWithRefusals: 3,
  unreachable: 4,
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT_CODES)[keyof typeof EXIT_CODES];

export const EXIT_CODE_MEANINGS: Readonly<Record<keyof typeof EXIT_CODES, string>> = {
  done: 'Done.',
  notVerified: 'A table that should be is not VERIFIED.',
  refused: 'The request or the configuration was refused.',
  plannedWithRefusals: 'Planned; some tables are refused.',
  unreachable: 'The service cannot be reached or could not start.',
  interrupted: 'Interrupted.',
};
