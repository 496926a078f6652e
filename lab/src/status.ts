/** What runs and where it listens really, read from the kernel and not from the configuration. */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { labDirectory } from './directories.ts';
import { runningPid } from './processes.ts';
import { SERVICES } from './services.ts';

export interface ServiceStatus {
  readonly name: string;
  readonly pid: number | undefined;
  /** `address:port`, sorted; `*` is every interface. */
  readonly listens: readonly string[];
}

const LISTEN_STATE = '0A';

export function labStatus(directory: string = labDirectory()): readonly ServiceStatus[] {
  return SERVICES.map(({ name }) => {
    const pid = runningPid(directory, name);
    return { name, pid, listens: pid === undefined ? [] : listenersOf(pid) };
  });
}

export function statusText(services: readonly ServiceStatus[], isPrivate: boolean): string {
  const lines = services.map(
    ({ name, pid, listens }) =>
      `${name.padEnd(20)} ${String(pid ?? '-').padStart(8)}  ${pid === undefined ? 'down' : 'up  '}  ${listens.join(' ')}`,
  );
  const warnings = isPrivate ? [] : openListeners(services).map((warning) => `${warning} --netns avoids it.`);
  return [`${'SERVICE'.padEnd(20)} ${'PID'.padStart(8)}  STATE LISTENS ON`, ...lines, ...warnings].join('\n');
}

/** @returns a warning for each service that other machines reach */
export function openListeners(services: readonly ServiceStatus[]): readonly string[] {
  return services.flatMap(({ name, listens }) => {
    const ports = listens.filter((address) => address.startsWith('*:')).join(' ');
    return ports === ''
      ? []
      : [`WARNING: ${name} listens on all interfaces (${ports}) without authentication; it ignores its bind address.`];
  });
}

function listenersOf(pid: number): readonly string[] {
  const sockets = socketsOf(pid);
  const rows = ['tcp', 'tcp6'].flatMap((table) => read(`/proc/${pid}/net/${table}`).split('\n').slice(1));
  const addresses = rows.flatMap((row) => {
    const [, local = '', , state, , , , , , inode = ''] = row.trim().split(/\s+/);
    return state === LISTEN_STATE && sockets.has(inode) ? [readable(local)] : [];
  });
  return [...new Set(addresses)].sort();
}

function socketsOf(pid: number): ReadonlySet<string> {
  const links = readdirSync(`/proc/${pid}/fd`).map((fd) => {
    try {
      return readlinkSync(`/proc/${pid}/fd/${fd}`);
    } catch {
      return '';
    }
  });
  return new Set(links.flatMap((link) => /^socket:\[(\d+)\]$/.exec(link)?.[1] ?? []));
}

/** The kernel writes IPv4 addresses as hexadecimal words of the machine's byte order. */
function readable(local: string): string {
  const [address = '', port = ''] = local.split(':');
  const isAny = /^0+$/.test(address);
  const bytes = (address.slice(-8).match(/../g) ?? []).map((byte) => Number.parseInt(byte, 16)).reverse();
  return `${isAny ? '*' : bytes.join('.')}:${Number.parseInt(port, 16)}`;
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
