import { specOnTarget } from '@hiveferry/contracts';
import { MigrationError } from '@hiveferry/core';
import type { PlanSettings } from '@hiveferry/core';
import type { ClusterClients } from '@hiveferry/platform';
import type { ClusterClient, PlannerClaim } from '@hiveferry/ports';
import { planSettingsOf } from './plan-settings.ts';

/** One target as planning needs it. */
export interface TargetPart {
  readonly name: string;
  readonly client: ClusterClient;
  readonly settings: PlanSettings;
}

export interface Answer<T> {
  readonly part: TargetPart;
  readonly answer: T;
}

/**
 * The targets of a run while it is planned: one that fails or does not answer in time leaves, and the others go on without it. When the
 * last one leaves, its fault is thrown.
 */
export class TargetParts {
  readonly #failed = new Map<string, unknown>();
  #active: readonly TargetPart[] = [];

  static async open(run: PlannerClaim, clusters: ClusterClients): Promise<TargetParts> {
    const parts = new TargetParts();
    for (const { name } of run.targets) await parts.#add(run, { name, clusters });
    return parts;
  }

  get active(): readonly TargetPart[] {
    return this.#active;
  }

  /** Why targets left, by name. */
  get failed(): ReadonlyMap<string, unknown> {
    return this.#failed;
  }

  /**
   * Asks all targets at once.
   *
   * @param patienceMs how long the others wait for one; a target that is alone is not hurried: its adapters have limits of their own
   */
  async ask<T>(question: (part: TargetPart) => Promise<T>, patienceMs?: number): Promise<readonly Answer<T>[]> {
    const answers = await Promise.all(
      this.#active.map(async (part) => {
        try {
          return [{ part, answer: await withPatience(part, question(part), patienceMs) }];
        } catch (error) {
          this.#leave(part.name, error);
          return [];
        }
      }),
    );
    this.#mustGoOn();
    return answers.flat();
  }

  /** Targets that failed in a part of the run which others did. */
  leaveAll(faults: ReadonlyMap<string, unknown>): void {
    for (const [name, fault] of faults) this.#leave(name, fault);
    this.#mustGoOn();
  }

  async #add(run: PlannerClaim, { name, clusters }: { readonly name: string; readonly clusters: ClusterClients }): Promise<void> {
    try {
      const part = { name, client: await clusters.get(name), settings: planSettingsOf(specOnTarget(run.spec, name)) };
      this.#active = [...this.#active, part];
    } catch (error) {
      this.#leave(name, error);
    }
  }

  #leave(name: string, error: unknown): void {
    this.#failed.set(name, error);
    this.#active = this.#active.filter((part) => part.name !== name);
  }

  #mustGoOn(): void {
    if (this.#active.length > 0) return;
    const [error] = this.#failed.values();
    throw error;
  }
}

async function withPatience<T>({ name }: TargetPart, answer: Promise<T>, patienceMs: number | undefined): Promise<T> {
  if (patienceMs === undefined) return await answer;
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(notAnswering(name, patienceMs)), patienceMs);
  try {
    return await Promise.race([answer, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

function notAnswering(name: string, patienceMs: number): MigrationError {
  const message = `target ${name} did not answer within ${String(patienceMs / 1000)} s: it is planned apart from the others`;
  return new MigrationError('TARGET_NOT_ANSWERING', message, { category: 'environment', retry: 'later', subject: name });
}
