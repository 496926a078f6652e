/** Why a text is no CREATE statement that we can read, and where; a value, since one odd table must not stop the others. */
export interface DdlError {
  readonly kind: 'syntax-error';
  /** From 1. */
  readonly line: number;
  /** From 1, in UTF-16 units. */
  readonly column: number;
  readonly expected: string;
  readonly found: string;
  /** All of it as a sentence. */
  readonly message: string;
}

/** Thrown and caught inside the parser only. */
export class DdlFault extends Error {
  readonly error: DdlError;

  constructor(error: DdlError) {
    super(error.message);
    this.error = error;
  }
}

export function ddlFault(source: string, offset: number, { expected, found }: Pick<DdlError, 'expected' | 'found'>): DdlFault {
  const before = source.slice(0, offset).split('\n');
  const line = before.length;
  const column = (before.at(-1) ?? '').length + 1;
  const message = `line ${line}, column ${column}: expected ${expected}, found ${found}`;
  return new DdlFault({ kind: 'syntax-error', line, column, expected, found, message });
}
