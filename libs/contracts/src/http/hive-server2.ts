import type { ClusterConnection, HivePlace } from '@hiveferry/ports';
import { z } from 'zod';
import { parseHiveUri } from '../hive-uri/hive-uri.ts';
import { AccountName, HostName, Port, SecretReference } from '../text.ts';

export const HiveServer2 = z
  .strictObject({
    uri: z
      .string()
      .max(4000)
      .exactOptional()
      .meta({
        description:
          'Instead of host, port and auth: a `jdbc:hive2://` URI, for HTTP, TLS, discovery by ZooKeeper, settings of sessions. Files that it names are read where ' +
          'the cluster is spoken to; secrets are not said in it.',
        example: 'jdbc:hive2://knox:8443/;ssl=true;sslTrustStore=/etc/pki/ca.pem;transportMode=http;httpPath=gateway/cdp-proxy-api/hive',
      }),
    host: HostName.exactOptional().meta({ example: '127.0.0.1' }),
    port: Port.exactOptional().meta({ example: 10000 }),
    auth: z
      .enum(['nosasl', 'plain'])
      .default('plain')
      .meta({ description: '`hive.server2.authentication`: NOSASL, or NONE and LDAP (plain).' }),
    user: AccountName.default('hive').meta({ description: 'A user in the URI comes first.' }),
    passwordRef: SecretReference.exactOptional(),
    maxSessions: z.int().min(1).max(64).default(4).meta({ description: 'Sessions open at a time, at most.' }),
  })
  .meta({ id: 'HiveServer2Spec' });

type HiveServer2 = z.infer<typeof HiveServer2>;

const SECRET_HEADER = /auth|cookie|token|secret|key|password|jwt/i;

interface Problem {
  readonly path: string[];
  readonly message: string;
}

/** What is missing, said twice, or may not be said in a URI that is kept. */
export function problemsOfHiveServer2({ hiveServer2 }: { readonly hiveServer2: HiveServer2 }): Problem[] {
  const { uri, host, port } = hiveServer2;
  const at = (key: string, message: string): Problem[] => [{ path: ['hiveServer2', key], message }];
  if (uri === undefined) {
    if (host === undefined) return at('host', 'expected host and port, or a uri such as jdbc:hive2://host:port/');
    return port === undefined ? at('port', 'expected a port, such as 10000') : [];
  }
  if (host !== undefined || port !== undefined) return at('uri', 'expected either uri, or host and port: it says them itself');
  const reading = parseHiveUri(uri);
  if (reading.kind === 'wrong') return at('uri', reading.problem);
  if (reading.password !== undefined) return at('uri', 'a password is not said in it: say passwordRef, env:NAME or file:/path');
  if (reading.place.tls?.trustStorePassword !== undefined)
    return at('uri', 'trustStorePassword is not said in it: name a trust store that needs none, PEM or of type JKS');
  const secret = secretOfHttp(reading.place);
  if (secret !== undefined)
    return at('uri', `${secret} is not said in it, since who may read this may not log in with it: say user and passwordRef`);
  if (reading.place.initFile !== undefined)
    return at('uri', 'initFile is not read here: say settings of sessions after ?, as name=value;name=value');
  return [];
}

/** As the adapters take it. @returns undefined for a spec that was never checked */
export function hiveConnectionOf(spec: HiveServer2): ClusterConnection['hiveServer2'] | undefined {
  const { uri, host, port, user, auth, passwordRef, maxSessions } = spec;
  const common = { maxSessions, ...(passwordRef === undefined ? {} : { passwordRef }) };
  if (uri === undefined) return host === undefined || port === undefined ? undefined : { host, port, auth, user, ...common };
  const reading = parseHiveUri(uri);
  if (reading.kind === 'wrong') return undefined;
  return { ...withAuth(reading.place, auth), user: reading.user ?? user, ...common };
}

/** @returns the option whose value lets others log in; other headers, of a gateway's routing, are fine */
function secretOfHttp({ http }: HivePlace): string | undefined {
  const header = Object.keys(http?.headers ?? {}).find((name) => SECRET_HEADER.test(name));
  if (header !== undefined) return `http.header.${header}`;
  const [cookie] = Object.keys(http?.cookies ?? {});
  return cookie === undefined ? undefined : `http.cookie.${cookie}`;
}

const withAuth = (place: HivePlace, auth: HiveServer2['auth']): HivePlace => (auth === 'nosasl' ? { ...place, auth } : place);
