/** Where a metastore's database is, as JDBC writes it. */
export interface DatabaseAddress {
  readonly product: 'postgres' | 'mysql';
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user?: string;
  readonly tls?: AddressTls;
}

export interface AddressTls {
  readonly verify: boolean;
  /** PEM file with the certificates of the authorities to trust. */
  readonly caFile?: string;
}

export interface DatabaseAddressReading {
  readonly address: DatabaseAddress;
  /** Options that mean nothing here, as written. */
  readonly others: readonly string[];
}

export const DATABASE_ADDRESSES = 'jdbc:postgresql://host:port/database or jdbc:mysql://host:port/database';

const ADDRESS = /^jdbc:(postgresql|mysql|mariadb):\/\/([^/:?]+)(?::(\d+))?\/([^?]+)(?:\?(.*))?$/;
const PORTS = { postgres: 5432, mysql: 3306 } as const;

/** @returns undefined for what is no address of a database that is read here */
export function readDatabaseAddress(text: string): DatabaseAddressReading | undefined {
  const [, scheme, host, written, database, rest] = ADDRESS.exec(text.trim()) ?? [];
  if (host === undefined || database === undefined) return undefined;
  const product = scheme === 'postgresql' ? 'postgres' : 'mysql';
  const port = written === undefined ? PORTS[product] : Number(written);
  // Names of options are written in either case: sslmode by PostgreSQL, sslMode by the others.
  const options = new Map([...new URLSearchParams(rest ?? '')].map(([key, value]) => [key.toLowerCase(), value]));
  const user = options.get('user');
  const tls = tlsOf(options, product);
  return {
    address: { product, host, port, database, ...(user === undefined ? {} : { user }), ...(tls === undefined ? {} : { tls }) },
    others: [...new URLSearchParams(rest ?? '').keys()].filter((key) => !KNOWN.has(key.toLowerCase())),
  };
}

const KNOWN = new Set(['user', 'ssl', 'usessl', 'sslmode', 'sslrootcert', 'serversslcert']);
const VERIFIED = /^verify[-_](?:ca|full|identity)$/i;
const ENCRYPTED = /^(?:require|required|trust)$/i;

function tlsOf(options: ReadonlyMap<string, string>, product: DatabaseAddress['product']): AddressTls | undefined {
  const mode = options.get('sslmode');
  const isAsked = [options.get('ssl'), options.get('usessl')].includes('true');
  if (mode === undefined ? !isAsked : !VERIFIED.test(mode) && !ENCRYPTED.test(mode)) return undefined;
  const caFile = options.get('sslrootcert') ?? options.get('serversslcert');
  // As the drivers have it: ssl=true checks the certificate on PostgreSQL, and elsewhere only when there is something to check it by.
  const verify = mode === undefined ? product === 'postgres' || caFile !== undefined : VERIFIED.test(mode);
  return { verify, ...(caFile === undefined ? {} : { caFile }) };
}
