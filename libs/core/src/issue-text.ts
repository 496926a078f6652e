import type { Issue } from './model/issue.ts';

/** An entry of the catalogue in `issues.ts`. */
export interface IssueText {
  readonly severity: Issue['severity'];
  /** What is true; `{key}` is filled from the issue's detail. */
  readonly text: string;
  /** What a person can do. */
  readonly advice: string;
}

export function refusal(text: string, advice: string): IssueText {
  return { severity: 'refusal', text, advice };
}

export function warning(text: string, advice: string): IssueText {
  return { severity: 'warning', text, advice };
}

export function note(text: string, advice: string): IssueText {
  return { severity: 'note', text, advice };
}
