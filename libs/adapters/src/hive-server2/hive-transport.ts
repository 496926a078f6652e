import { Agent as HttpAgent } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { auth, connections } from 'hive-driver';
import type { HiveClient } from 'hive-driver';
import { CookieJar } from './cookie-jar.ts';
import type { HiveServer2Settings } from './hive-server2.options.ts';
import { trustedCertificates } from './trusted-certificates.ts';

type Connect = Parameters<HiveClient['connect']>;
type Provider = NonNullable<Connect[1]>;
type Authentication = NonNullable<Connect[2]>;
type Transport = Parameters<Authentication['authenticate']>[0];

/** What the driver's client connects by. */
export interface HiveTransport {
  readonly connect: readonly [options: Connect[0], provider: Provider, authentication: Authentication];
  /** Ends it at once, also in the middle of a handshake. */
  readonly destroy: () => void;
}

/** A connection that was idle for longer is not used again: gateways close theirs after a minute or so, unasked. */
const IDLE_MS = 20_000;

/**
 * How HiveServer2 is spoken to: Thrift over TCP or HTTP, with or without TLS. The driver by itself trusts every certificate, and speaks
 * no TLS beyond 1.2; here the server's certificate must be trusted and be that of its host.
 *
 * @param onClose called when a TCP connection ends
 */
export async function transportOf(settings: HiveServer2Settings, onClose: () => void): Promise<HiveTransport> {
  const { tls } = settings;
  const ca = tls === undefined ? undefined : [...(await trustedCertificates(tls))];
  return settings.http === undefined ? overTcp(settings, ca, onClose) : overHttp(settings, settings.http, ca);
}

function overTcp({ host, port, ...settings }: HiveServer2Settings, ca: string[] | undefined, onClose: () => void): HiveTransport {
  const { user: username, password } = settings;
  const inner = settings.auth === 'nosasl' ? new auth.NoSaslAuthentication() : new auth.PlainTcpAuthentication({ username, password });
  const seen: { transport?: Transport } = {};
  const options = ca === undefined ? {} : { ssl: true, ca, rejectUnauthorized: true, secureProtocol: undefined, servername: nameOf(host) };
  return {
    connect: [
      { host, port, options: options as NonNullable<Connect[0]['options']> },
      new connections.TcpConnection(),
      {
        // Remembers the transport: a handshake that hangs can only be ended by its socket.
        authenticate: async (transport) => {
          seen.transport = transport;
          const ready = inner.authenticate(transport);
          transport.addListener('close', onClose);
          return await ready;
        },
      },
    ],
    destroy: () => {
      const socket: unknown = seen.transport?.getTransport();
      if (isDestroyable(socket)) socket.destroy();
    },
  };
}

/** Names are sent so that a server of several can answer as the right one; addresses may not be. */
const nameOf = (host: string): string | undefined => (/^[\d.]+$|:/.test(host) ? undefined : host);

function isDestroyable(socket: unknown): socket is { destroy(): void } {
  return typeof socket === 'object' && socket !== null && 'destroy' in socket && typeof socket.destroy === 'function';
}

type Http = NonNullable<HiveServer2Settings['http']>;

function overHttp({ host, port, user: username, password }: HiveServer2Settings, http: Http, ca: string[] | undefined): HiveTransport {
  const common = { keepAlive: true, timeout: IDLE_MS };
  const agent = ca === undefined ? new HttpAgent(common) : new HttpsAgent({ ...common, ca, rejectUnauthorized: true });
  const jar = new CookieJar(http.cookies);
  const cookie = jar.header();
  // As Hive's own driver does: servers that guard against requests of foreign pages ask for these.
  const guards = { 'X-XSRF-HEADER': 'true', 'X-CSRF-TOKEN': 'true' };
  const headers = { ...guards, ...http.headers, ...(cookie === undefined ? {} : { cookie }) };
  const nodeOptions = { agent, rejectUnauthorized: true };
  return {
    connect: [
      { host, port, options: { path: `/${http.path}`, https: ca !== undefined, nodeOptions } },
      keepingCookies(jar, http.keepsCookies),
      new auth.PlainHttpAuthentication({ username, password, headers }),
    ],
    destroy: () => agent.destroy(),
  };
}

/** Of Thrift's connection over HTTP what is used here; the driver declares it as `any`. */
interface ThriftOverHttp {
  responseCallback: (response: IncomingMessage) => void;
  readonly nodeOptions: { readonly headers: Record<string, string> };
}

/** The driver by itself adds each cookie it gets to those before, with its attributes, so that the header grows without end. */
function keepingCookies(jar: CookieJar, keepsCookies: boolean): Provider {
  const provider = new connections.HttpConnection();
  return {
    connect: async (options, authentication) => {
      const connected = await provider.connect(options, authentication);
      const thrift = connected.getConnection() as ThriftOverHttp;
      const { responseCallback } = thrift;
      thrift.responseCallback = (response) => {
        const { 'set-cookie': given = [], ...others } = response.headers;
        response.headers = others;
        if (keepsCookies) jar.keep(given);
        const cookie = jar.header();
        if (cookie !== undefined) thrift.nodeOptions.headers['cookie'] = cookie;
        responseCallback.call(thrift, response);
      };
      return connected;
    },
  };
}
