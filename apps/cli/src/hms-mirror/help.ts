import { PEER_OPTIONS } from './option-table.ts';
import type { PeerOption } from './option-table.ts';

/** What `ferry hms-mirror --help` prints: every option of hms-mirror, and what it does here. */
export function hmsMirrorHelp(): string {
  const rows = PEER_OPTIONS.map((option) => ({ option: signature(option), text: option.text }));
  const width = Math.max(...rows.map(({ option }) => option.length));
  return [
    'ferry hms-mirror [-ltd DATASET] [-cfg CONFIGURATION] [-o DIRECTORY] [options]',
    '',
    "Plans a data set, or without -ltd what stands on both sides now, with hms-mirror's configuration, and writes",
    '{db}_{LEFT|RIGHT}_execute.sql, clean-up scripts, DistCp plans and reports. With -e it executes the plan and proves each table.',
    'CONFIGURATION is $HOME/.hms-mirror/cfg/default.yaml unless said, DIRECTORY $HOME/.hms-mirror/reports/hiveferry.',
    '',
    ...rows.map(({ option, text }) => `  ${option.padEnd(width)}  ${text}`),
    '',
    'Exit codes: 0 planned (with -e: every table is VERIFIED), 1 with -e: a table is not, 2 the run is refused, 3 planned or VERIFIED, but some',
    'tables are refused, 4 a side cannot be reached, 130 interrupted.',
  ].join('\n');
}

function signature({ short, long, argument, optional }: PeerOption): string {
  const words = `-${short}, --${long}`;
  if (argument === undefined) return words;
  return optional === true ? `${words} [${argument}]` : `${words} ${argument}`;
}
