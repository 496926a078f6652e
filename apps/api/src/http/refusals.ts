import { MigrationError } from '@hiveferry/core';

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
