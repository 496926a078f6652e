import { EXIT_CODES } from '../../../../libs/contracts/src/exit-codes.ts';
import type { Terminal } from '../terminal.ts';

/** Ctrl-C ends the work in order, once; a second one ends the process. */
export function interruptions(terminal: Terminal): { readonly signal: AbortSignal; readonly stop: () => void } {
  const interrupted = new AbortController();
  const end = (): void => {
    if (interrupted.signal.aborted) process.exit(EXIT_CODES.interrupted);
    terminal.err('Interrupted: what was done stays; the same command goes on from here.');
    interrupted.abort();
  };
  process.on('SIGINT', end).on('SIGTERM', end);
  return {
    signal: interrupted.signal,
    stop: () => {
      process.off('SIGINT', end).off('SIGTERM', end);
    },
  };
}
