/** The two ways that the inventory benchmark compares; run in a child process each, so that its peak memory is its own. */
import { TBinaryProtocol, TBufferedTransport, createClient, createConnection } from 'thrift';
import { createMetastoreReader, metastoreService, metastoreTypes } from '@hiveferry/adapters/hive-metastore';

export interface Place {
  readonly host: string;
  readonly port: number;
  readonly database: string;
}

export interface VariantResult {
  readonly tables: number;
  readonly columns: number;
  readonly seconds: number;
  /** Of the child, its start included. */
  readonly cpuSeconds: number;
  /** `process.resourceUsage().maxRSS`. */
  readonly peakMemoryMib: number;
}

export const CONNECTIONS = 4;
const TABLES_A_CALL = 100;

export const VARIANTS = {
  /** Our reader: tables converted to the model, in the order of their names, streamed. */
  reader: async ({ host, port, database }: Place): Promise<Counts> => {
    const reader = createMetastoreReader({ host, port, connections: CONNECTIONS });
    const counts = { tables: 0, columns: 0 };
    for await (const tables of reader.allTables(database)) {
      counts.tables += tables.length;
      for (const table of tables) counts.columns += table.storage.columns.length;
    }
    await reader.close();
    return counts;
  },
  /** The same Thrift calls by generated code alone, answers counted and dropped. */
  bare: async ({ host, port, database }: Place): Promise<Counts> => {
    const connections = Array.from({ length: CONNECTIONS }, () =>
      createConnection(host, port, { transport: TBufferedTransport, protocol: TBinaryProtocol }),
    );
    const clients = connections.map((connection) => createClient(metastoreService, connection));
    const names = (await clients[0]?.get_all_tables(database)) ?? [];
    const counts = { tables: 0, columns: 0 };
    let next = 0;
    const capabilities = new metastoreTypes.ClientCapabilities({ values: [metastoreTypes.ClientCapability.INSERT_ONLY_TABLES] });
    const work = async (client: (typeof clients)[number]): Promise<void> => {
      while (next < names.length) {
        const tblNames = names.slice(next, (next += TABLES_A_CALL));
        const request = new metastoreTypes.GetTablesRequest({ dbName: database, tblNames, capabilities });
        const { tables } = await client.get_table_objects_by_name_req(request);
        counts.tables += tables.length;
        counts.columns += tables.reduce((sum, table) => sum + table.sd.cols.length, 0);
      }
    };
    await Promise.all(clients.map(work));
    for (const connection of connections) connection.end();
    return counts;
  },
} satisfies Record<string, (place: Place) => Promise<Counts>>;

export type VariantName = keyof typeof VARIANTS;

interface Counts {
  tables: number;
  columns: number;
}
