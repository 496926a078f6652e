import { MigrationError, isExecutable } from '@hiveferry/core';
import type { DataStrategyName } from '@hiveferry/core';

/** The address names something that is not there. */
export function notFound(what: 'cluster' | 'migration' | 'run' | 'operation' | 'table' | 'artefact', name: string): MigrationError {
  return new MigrationError(`${what.toUpperCase()}_NOT_FOUND`, `There is no ${what} ${name}.`, {
    category: 'request',
    retry: 'never',
    subject: name,
  });
}

/** The request is understood and cannot be done; `advice` says what would do. */
export function refused(code: string, message: string, about: { readonly subject: string; readonly advice: string }): MigrationError {
  return new MigrationError(code, message, {
    category: 'request',
    retry: 'never',
    subject: about.subject,
    detail: { advice: about.advice },
  });
}

/** DUMP only tells: its artefacts are the result. */
export function refuseDescribing({ strategy }: { readonly strategy: DataStrategyName }): void {
  if (isExecutable(strategy)) return;
  throw refused('STRATEGY_NOT_EXECUTABLE', `Strategy ${strategy} writes down what is there; its plan is never executed.`, {
    subject: '/execute',
    advice: 'Read the artefacts of its run, or ask for a migration by SCHEMA_ONLY.',
  });
}
