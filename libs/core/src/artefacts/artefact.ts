import type { ChosenUnits } from '../transfer/copies-since.ts';
import type { DatabasePlan, TablePlan } from '../model/plan.ts';
import type { PlanSettings } from '../model/plan-settings.ts';

/** One database's plans, all of them and in any order: files are written per database. */
export interface ArtefactInput {
  readonly database: DatabasePlan;
  readonly tables: readonly TablePlan[];
  readonly settings: Pick<PlanSettings, 'distcp'>;
  readonly targetBlockSizeBytes?: number;
  /** What of the copies is to be made, where that is not all of them. */
  readonly chosen?: ChosenCopies;
}

/** Copies of the tables that are left out or cut down, and why, in words. */
export interface ChosenCopies extends ChosenUnits {
  readonly reason: string;
}

/** A file for people: path relative to the folder of the run and target. */
export interface Artefact {
  readonly path: string;
  readonly content: string;
}
