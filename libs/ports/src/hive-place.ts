type Texts = Readonly<Record<string, string>>;

/** Where HiveServer2 listens and what is spoken there: what a `jdbc:hive2://` URI says, without user and password. */
export interface HivePlace {
  readonly host: string;
  readonly port: number;
  /** `nosasl` and `plain` are `hive.server2.authentication` NOSASL and NONE, LDAP or CUSTOM. */
  readonly auth: 'nosasl' | 'plain';
  /** @default Thrift over TCP (`hive.server2.transport.mode` binary) */
  readonly http?: HiveHttp;
  /** @default no TLS */
  readonly tls?: HiveTls;
  /** `zooKeeper` says where the servers are registered; host and port are then those of its first server, for messages. */
  readonly zooKeeper?: HiveRegistry;
  /** Settings of every session, as after `?`. */
  readonly sessionSettings?: Texts;
  /** Variables of every session, as after `#`. */
  readonly sessionVariables?: Texts;
  /** A file of statements that every session begins with. */
  readonly initFile?: string;
}

interface HiveHttp {
  /** Without a leading slash (`hive.server2.thrift.http.path`). */
  readonly path: string;
  readonly headers: Texts;
  readonly cookies: Texts;
  /** Cookies that the server sets are sent back: behind a load balancer a session stays at its server by them. */
  readonly keepsCookies: boolean;
}

interface HiveTls {
  /** Whose certificates are trusted: PEM, or a trust store of Java. @default those of Node and of this machine */
  readonly trustStore?: string;
  readonly trustStorePassword?: string;
}

interface HiveRegistry {
  readonly servers: readonly { readonly host: string; readonly port: number }[];
  /** Name of the node below which they are (`hive.server2.zookeeper.namespace`). */
  readonly namespace: string;
}
