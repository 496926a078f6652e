import type { ConfirmCopiedRequest, ExecuteRequest } from '@hiveferry/contracts';
import { RUN_STORE } from '@hiveferry/platform';
import type { ConfirmedCopy, OperationRecord, RunRecord, RunStore } from '@hiveferry/ports';
import { Inject, Injectable } from '@nestjs/common';
import { notFound, refuseDescribing, refused } from '../http/refusals.ts';
import { runView } from './run.view.ts';
import type { RunView } from './run.view.ts';

/** What can be asked of a run. The store knows which states allow it. */
@Injectable()
export class RunCommandService {
  private readonly store: RunStore;

  constructor(@Inject(RUN_STORE) store: RunStore) {
    this.store = store;
  }

  async run(id: string): Promise<RunRecord> {
    const run = await this.store.run(id);
    if (run === undefined) throw notFound('run', id);
    return run;
  }

  async described(id: string): Promise<RunView> {
    return runView(await this.run(id), await this.store.databaseIssues(id));
  }

  async execute(id: string, request: ExecuteRequest): Promise<OperationRecord> {
    const run = await this.run(id);
    const migration = await this.store.migration(run.migrationId);
    if (migration !== undefined) refuseDescribing(migration.spec);
    return await this.store.executeRun({ runId: id, approvals: approvalsOf(run, request) });
  }

  async confirmCopied(id: string, request: ConfirmCopiedRequest): Promise<readonly ConfirmedCopy[]> {
    await this.run(id);
    return await this.store.confirmCopied({ runId: id, ...request });
  }

  async cancel(id: string): Promise<OperationRecord> {
    await this.run(id);
    return await this.store.cancelRun(id);
  }

  async resume(id: string): Promise<OperationRecord> {
    await this.run(id);
    return await this.store.resumeRun(id);
  }

  async verify(id: string): Promise<OperationRecord> {
    await this.run(id);
    return await this.store.verifyRun(id);
  }
}

interface TargetApproval {
  readonly target?: string;
  readonly planHash: string;
}

function approvalsOf(run: RunRecord, { planHash, approvals }: ExecuteRequest): readonly TargetApproval[] {
  const [only, ...others] = run.targets;
  if (planHash !== undefined && only !== undefined && others.length === 0) return [{ target: only.target, planHash }];
  if (approvals === undefined || (approvals.length > 1 && approvals.some((approval) => approval.target === undefined))) {
    throw refused('APPROVAL_NEEDS_TARGET', `Run ${run.id} has ${run.targets.length} targets, each with its own plan.`, {
      subject: '/approvals',
      advice: 'Send approvals[] with target and planHash of each target to execute.',
    });
  }
  const unknown = approvals.find(({ target }) => target !== undefined && !run.targets.some((each) => each.target === target));
  if (unknown?.target === undefined) return approvals;
  throw refused('TARGET_UNKNOWN', `Run ${run.id} has no target ${unknown.target}.`, {
    subject: '/approvals',
    advice: `Its targets are ${run.targets.map((each) => each.target).join(', ')}.`,
  });
}
