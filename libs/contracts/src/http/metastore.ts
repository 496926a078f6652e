import { z } from 'zod';
import { HostName, Port, SecretReference } from '../text.ts';

/** How a cluster's metadata is read. */
const METASTORE_READERS = ['thrift', 'hiveserver2', 'database'] as const;

const DatabaseTls = z
  .strictObject({
    verify: z.boolean().default(true).meta({ description: 'False takes whatever certificate the server shows.' }),
    caRef: SecretReference.exactOptional().meta({
      description: 'PEM certificates of the authorities to trust; those that Node knows when not said.',
      example: 'file:/etc/hiveferry/database-ca.pem',
    }),
  })
  .meta({ id: 'MetastoreDatabaseTls', description: 'Said: the connection is encrypted.' });

const MetastoreDatabase = z
  .strictObject({
    kind: z.enum(['postgres', 'mysql']).meta({ description: 'Product of the database; `mysql` is MariaDB too.' }),
    host: HostName.meta({ example: '127.0.0.1' }),
    port: Port.exactOptional().meta({ description: 'When not said: 5432 of postgres, 3306 of mysql.' }),
    name: z
      .string()
      .regex(/^[^\s/'"]{1,128}$/, 'expected the name of a database')
      .meta({ example: 'metastore' }),
    user: z
      .string()
      .regex(/^[^\s:@/'"`]{1,128}$/, 'expected a user name')
      .meta({ description: 'One who may read all tables; nothing is written.', example: 'hiveferry_reader' }),
    passwordRef: SecretReference.exactOptional(),
    tls: DatabaseTls.exactOptional(),
  })
  .meta({ id: 'MetastoreDatabaseSpec', description: "The metastore's own database, read only." });

export const Metastore = z
  .strictObject({
    uri: z
      .string()
      .regex(/^thrift:\/\/(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\]):\d{1,5}$/, 'expected thrift://host:port')
      .refine((text) => Port.safeParse(Number(text.slice(text.lastIndexOf(':') + 1))).success, 'expected a port from 1 to 65535')
      .exactOptional()
      .meta({
        description:
          'Needed to read by Thrift. On targets partitions are attached over it; without it by HiveQL, which cannot say all of them.',
        example: 'thrift://127.0.0.1:9083',
      }),
    reader: z.enum(METASTORE_READERS).exactOptional().meta({
      description:
        'How metadata is read; thrift when not said. `hiveserver2` where nothing else can be reached, `database` for very large, slow metastores.',
    }),
    database: MetastoreDatabase.exactOptional(),
  })
  .meta({ id: 'MetastoreSpec' });

interface Problem {
  readonly path: string[];
  readonly message: string;
}

/** What the way to read needs and lacks. */
export function problemsOfMetastore({ metastore }: { readonly metastore: z.infer<typeof Metastore> }): Problem[] {
  const { reader = 'thrift', uri, database } = metastore;
  if (reader === 'thrift' && uri === undefined) {
    return [
      {
        path: ['metastore', 'uri'],
        message: 'expected thrift://host:port, since the reader is thrift; without one say reader: hiveserver2',
      },
    ];
  }
  if (reader === 'database' && database === undefined) {
    return [{ path: ['metastore', 'database'], message: 'expected kind, host, name and user of it, since the reader is database' }];
  }
  if (reader !== 'database' && database !== undefined) {
    return [{ path: ['metastore', 'reader'], message: `expected database, since one is given, found ${reader}` }];
  }
  return [];
}
