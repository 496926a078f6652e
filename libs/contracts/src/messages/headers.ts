import type { Message } from './messages.ts';

/**
 * Headers of a message, for those who route and trace without reading its value.
 *
 * `traceparent` is W3C Trace Context, version 00: the trace is the run (its id without hyphens), the span is the message. So all that is
 * done for a run is one trace, whichever process does it and however often a message comes.
 */
export function headersOf({ type, version, id, runId }: Message): Readonly<Record<string, string>> {
  return { type, version: String(version), traceparent: `00-${hexOf(runId)}-${spanOf(id)}-01` };
}

const hexOf = (uuid: string): string => uuid.replaceAll('-', '').toLowerCase();

/** The second half of its digits. */
const spanOf = (uuid: string): string => (uuid.slice(19, 23) + uuid.slice(24)).toLowerCase();
