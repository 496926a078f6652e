/** Where a metastore's database is and who asks. */
export interface MetastoreDatabaseOptions {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  /** Asked for when the first connection is made, by some products at each. */
  readonly password?: () => Promise<string>;
  /** @default the connection is not encrypted */
  readonly tls?: DatabaseTls;
  /** Most connections at once. @default 2: the metastore needs its database for others */
  readonly connections?: number;
  /** @default 10,000 */
  readonly connectTimeoutMs?: number;
  /** Limit of one statement. @default 300,000 */
  readonly statementTimeoutMs?: number;
}

export interface DatabaseTls {
  /** False: whatever certificate the server shows is taken. */
  readonly verify: boolean;
  /** Certificates of the authorities that are trusted, as PEM. @default those that Node knows */
  readonly ca?: () => Promise<string>;
}

export interface DatabaseLimits {
  readonly connections: number;
  readonly connectTimeoutMs: number;
  readonly statementTimeoutMs: number;
}

export function limitsOf(options: MetastoreDatabaseOptions): DatabaseLimits {
  return {
    connections: options.connections ?? 2,
    connectTimeoutMs: options.connectTimeoutMs ?? 10_000,
    statementTimeoutMs: options.statementTimeoutMs ?? 300_000,
  };
}

/** As Node takes them. */
export interface TlsSettings {
  readonly rejectUnauthorized: boolean;
  readonly ca?: string;
}

export async function tlsSettings({ tls }: MetastoreDatabaseOptions): Promise<TlsSettings | undefined> {
  if (tls === undefined) return undefined;
  return { rejectUnauthorized: tls.verify, ...(tls.ca === undefined ? {} : { ca: await tls.ca() }) };
}
