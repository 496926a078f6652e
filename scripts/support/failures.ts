/** What failed in a suite, read from Vitest's JSON report: to be said again at the end, where a long log is cut last. */
import { z } from 'zod';

export interface Failure {
  /** File and full name of the test, or the file alone when it did not load. */
  readonly name: string;
  /** The first lines of its error. */
  readonly reason: string;
}

const LINES = 12;

const Failures = z.object({
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      message: z.string().optional(),
      assertionResults: z.array(z.object({ fullName: z.string(), status: z.string(), failureMessages: z.array(z.string()).nullish() })),
    }),
  ),
});

/** @throws ZodError when the report is not one of Vitest's. */
export function failuresOf(report: unknown): Failure[] {
  return Failures.parse(report).testResults.flatMap((file) => {
    const tests = file.assertionResults
      .filter((test) => test.status === 'failed')
      .map((test) => ({ name: `${file.name} > ${test.fullName}`, reason: firstLines(test.failureMessages?.join('\n') ?? '') }));
    if (tests.length > 0 || file.status !== 'failed') return tests;
    return [{ name: file.name, reason: firstLines(file.message ?? '') }];
  });
}

function firstLines(text: string): string {
  return text
    .split('\n')
    .slice(0, LINES)
    .map((line) => `  ${line}`)
    .join('\n');
}
