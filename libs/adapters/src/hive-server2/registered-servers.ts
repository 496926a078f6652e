import { MigrationError } from '@hiveferry/core';
import type { HivePlace } from '@hiveferry/ports';
import type { HiveServer2Settings } from './hive-server2.options.ts';
import { ZooKeeperClient } from './zookeeper-client.ts';

type Registry = NonNullable<HivePlace['zooKeeper']>;

/**
 * The servers that a session may be opened at, in the order in which they are tried: the one that is named, or those that are
 * registered with ZooKeeper, in an order of chance, so that sessions spread over them.
 */
export async function serversOf(settings: HiveServer2Settings): Promise<readonly HiveServer2Settings[]> {
  const { zooKeeper: registry, ...named } = settings;
  if (registry === undefined) return [named];
  const found = shuffled(await registered(registry, settings.openTimeoutMs));
  const servers = found.map((text) => ({ ...named, ...asRegistered(named, text) }));
  return servers.map((server) => ({ ...server, address: `${server.host}:${server.port}` }));
}

async function registered({ servers, namespace }: Registry, timeoutMs: number): Promise<readonly string[]> {
  const path = `/${namespace}`;
  const failures: string[] = [];
  for (const { host, port } of servers) {
    try {
      const found = await registeredAt({ host, port, path, timeoutMs });
      if (found !== undefined && found.length > 0) return found;
      throw noServer(
        servers,
        found === undefined ? `there is no ${path}: check zooKeeperNamespace` : `below ${path} no HiveServer2 is registered`,
      );
    } catch (cause) {
      if (cause instanceof MigrationError) throw cause;
      failures.push(`${host}:${port} (${cause instanceof Error ? cause.message : String(cause)})`);
    }
  }
  throw noServer(servers, `it cannot be reached at ${failures.join(', ')}`);
}

interface Registration {
  readonly host: string;
  readonly port: number;
  readonly path: string;
  readonly timeoutMs: number;
}

async function registeredAt({ host, port, path, timeoutMs }: Registration): Promise<readonly string[] | undefined> {
  const client = await ZooKeeperClient.open(host, port, timeoutMs);
  try {
    const names = await client.children(path);
    if (names === undefined) return undefined;
    const found: string[] = [];
    for (const name of names.filter((each) => each.startsWith('serverUri='))) {
      const data = await client.data(`${path}/${name}`);
      // It may have gone away meanwhile.
      if (data !== undefined) found.push(data);
    }
    return found;
  } finally {
    client.close();
  }
}

/**
 * A server as it registered itself: `host:port`, or its settings as `name=value;...`. What the URI says comes before these.
 * Copied behaviour: Hive 4.0.1, ZooKeeperHiveClientHelper.
 */
function asRegistered(named: HiveServer2Settings, text: string): Partial<HivePlace> {
  const published = new Map(text.split(';').map((pair) => [pair.split('=')[0] ?? '', pair.slice(pair.indexOf('=') + 1)]));
  const value = (name: string): string | undefined => published.get(`hive.server2.${name}`);
  if (!text.includes('=')) return addressIn(text);
  const authentication = value('authentication')?.toUpperCase();
  if (authentication === 'KERBEROS') throw withoutKerberos(text);
  const isHttp = named.http !== undefined || value('transport.mode') === 'http';
  const path = value('thrift.http.path') ?? 'cliservice';
  return {
    ...addressIn(value('instance.uri') ?? ''),
    ...hostAndPort(value('thrift.bind.host'), value(isHttp ? 'thrift.http.port' : 'thrift.port')),
    ...(authentication === 'NOSASL' ? { auth: 'nosasl' } : {}),
    ...(isHttp && named.http === undefined ? { http: { path, headers: {}, cookies: {}, keepsCookies: true } } : {}),
    ...(named.tls === undefined && value('use.SSL') === 'true' ? { tls: {} } : {}),
  };
}

function addressIn(text: string): Partial<HivePlace> {
  const colon = text.lastIndexOf(':');
  return colon < 0 ? {} : hostAndPort(text.slice(0, colon), text.slice(colon + 1));
}

function hostAndPort(host: string | undefined, port: string | undefined): Partial<HivePlace> {
  return {
    ...(host === undefined || host === '' ? {} : { host }),
    ...(Number(port) > 0 && Number(port) < 65_536 ? { port: Number(port) } : {}),
  };
}

/** Not for secrets: any order will do. */
function shuffled<T>(items: readonly T[]): readonly T[] {
  return items
    .map((item) => ({ item, order: Math.random() }))
    .sort((a, b) => a.order - b.order)
    .map(({ item }) => item);
}

function noServer(servers: Registry['servers'], reason: string): MigrationError {
  const quorum = servers.map(({ host, port }) => `${host}:${port}`).join(',');
  const message = `ZooKeeper ${quorum} names no HiveServer2: ${reason}. Or name one itself: jdbc:hive2://host:port/.`;
  return new MigrationError('HIVE_NOT_REGISTERED', message, { category: 'environment', retry: 'later', subject: quorum });
}

function withoutKerberos(text: string): MigrationError {
  const message = `HiveServer2 is registered with Kerberos (${text}), which is not spoken: name an address that takes user and password.`;
  return new MigrationError('HIVE_KERBEROS', message, {
    category: 'environment',
    retry: 'operator',
    subject: 'hive.server2.authentication',
  });
}
