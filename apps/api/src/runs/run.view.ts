import type { DatabaseIssues, RunRecord, RunTargetRecord } from '@hiveferry/ports';
import { issueView } from '../tables/table.view.ts';

const SHOWN_ISSUES = 100;

export interface RunView extends RunRecord {
  readonly targets: readonly RunTargetView[];
}

interface RunTargetView extends RunTargetRecord {
  readonly issues?: readonly ReturnType<typeof issueView>[];
  readonly issuesOmitted?: number;
}

/** A run as the API shows it, with what is true about its databases. */
export function runView(run: RunRecord, found: readonly DatabaseIssues[]): RunView {
  const byTarget = new Map(found.map(({ target, issues }) => [target, issues]));
  return { ...run, targets: run.targets.map((each) => ({ ...each, ...issuesView(byTarget.get(each.target) ?? []) })) };
}

function issuesView(issues: DatabaseIssues['issues']): Pick<RunTargetView, 'issues' | 'issuesOmitted'> {
  if (issues.length === 0) return {};
  const omitted = issues.length - SHOWN_ISSUES;
  return { issues: issues.slice(0, SHOWN_ISSUES).map(issueView), ...(omitted > 0 && { issuesOmitted: omitted }) };
}
