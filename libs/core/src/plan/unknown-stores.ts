import { issue } from '../issues.ts';
import { namespaceOf } from '../model/location.ts';
import type { Namespace } from '../model/location.ts';
import type { TablePlan } from '../model/plan.ts';
import { displayName } from '../model/table.ts';
import { isExecutable } from '../strategies/registry.ts';
import { refusePlan } from './destinations.ts';

/** File systems that a cluster was registered with. */
export interface KnownStores {
  readonly cluster: string;
  readonly namespaces: readonly Namespace[];
}

/** Files that go where the cluster of the target has no store are neither copied nor proved; others may bring them where only metadata are proved. */
export function refuseUnknownStores(plan: TablePlan, { cluster, namespaces }: KnownStores): TablePlan {
  const job = plan.copyJobs.find(({ target }) => !namespaces.includes(namespaceOf(target)));
  if (job === undefined || !isExecutable(plan.strategy)) return plan;
  const subject = displayName(plan.source);
  const detail = { target: job.target, namespace: namespaceOf(job.target), cluster, known: namespaces };
  if (plan.copiedBy !== 'external' || plan.proof !== 'metadata') return refusePlan(plan, issue('STORE_NOT_REGISTERED', subject, detail));
  return { ...plan, issues: [...plan.issues, issue('STORE_NOT_SEEN', subject, detail)] };
}
