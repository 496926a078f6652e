import { once } from 'node:events';
import type { AddressInfo, Server, Socket } from 'node:net';
import { TBinaryProtocol, TBufferedTransport, Thrift, createServer } from 'thrift';
import type { TProtocol } from 'thrift';
import { afterEach, describe, expect, it } from 'vitest';
import type { MigrationError, TableName } from '@hiveferry/core';
import type { MetastoreReader } from '@hiveferry/ports';
import { createMetastoreReader } from './index.ts';
import { metastoreService, metastoreTypes } from './thrift-binding.ts';
import type { MetastoreOptions } from './thrift.connection-pool.ts';

type Request = InstanceType<typeof metastoreTypes.GetTablesRequest>;
type Handler = Partial<Record<keyof typeof ARGUMENTS, (...sent: never[]) => unknown>>;

/** Generated code takes a handler with another number of arguments for one that calls back. */
const ARGUMENTS = {
  get_all_databases: 0,
  get_table_objects_by_name_req: 1,
  get_table_objects_by_name: 2,
  get_partition_names: 3,
  get_partitions_by_names: 3,
};

/** A metastore in this process: the real protocol, answers as each case needs them. */
describe('a metastore over Thrift', () => {
  const closing: (() => Promise<unknown>)[] = [];
  afterEach(async () => {
    for (const close of closing.splice(0)) await close();
  });

  async function start(
    handler: Handler,
  ): Promise<{ readonly sockets: Set<Socket>; readonly reader: (options?: Partial<MetastoreOptions>) => MetastoreReader }> {
    const sockets = new Set<Socket>();
    const server = createServer(processorOf(handler), handlerOf(handler), {
      transport: TBufferedTransport,
      protocol: TBinaryProtocol,
    }) as Server;
    server.on('connection', (socket: Socket) => sockets.add(socket));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    closing.push(async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    });
    const { port } = server.address() as AddressInfo;
    const reader = (options: Partial<MetastoreOptions> = {}): MetastoreReader => {
      const made = createMetastoreReader({ host: '127.0.0.1', port, ...options });
      closing.push(() => made.close());
      return made;
    };
    return { sockets, reader };
  }

  const names = Array.from({ length: 250 }, (_, i) => `t${i}`);
  const isBad = (name: string): boolean => name === 't7' || name === 't201';
  const withBadTables = {
    get_all_databases: () => ['default'],
    get_table_objects_by_name_req: ({ tblNames = [] }: Request) => {
      if (tblNames.some(isBad)) throw new metastoreTypes.MetaException({ message: 'row is damaged' });
      return new metastoreTypes.GetTablesResult({ tables: tblNames.map(aTable) });
    },
  };

  it('reads all tables of a page but the bad ones, and tells of these', async () => {
    const { reader } = await start(withBadTables);
    const told: [TableName, MigrationError][] = [];
    const tables = await reader().tables('db', names, { onUnreadable: (name, fault) => told.push([name, fault]) });
    expect(tables.map(({ name }) => name)).toEqual(names.filter((name) => !isBad(name)));
    expect(told.map(([name]) => name.table)).toEqual(['t7', 't201']);
    expect(told[0]?.[1]).toMatchObject({ code: 'METASTORE_TABLE_UNREADABLE', subject: 'db.t7', detail: { reason: 'row is damaged' } });
  });

  it('throws for a bad table when nobody asked to be told', async () => {
    const { reader } = await start(withBadTables);
    await expect(reader().tables('db', ['t7'])).rejects.toMatchObject({ code: 'METASTORE_TABLE_UNREADABLE', subject: 'db.t7' });
  });

  it('does not take a metastore without its database for a page of bad tables', async () => {
    const fail = (): never => {
      throw new metastoreTypes.MetaException({ message: 'no database' });
    };
    const { reader } = await start({ get_all_databases: fail, get_table_objects_by_name_req: fail });
    const told: unknown[] = [];
    const reading = reader().tables('db', names, { onUnreadable: (name) => told.push(name) });
    await expect(reading).rejects.toMatchObject({ code: 'METASTORE_CALL_FAILED', retry: 'later' });
    expect(told).toEqual([]);
  });

  it('takes a table of an unknown type for unreadable, not for some other type', async () => {
    const index = aTable('i');
    index.tableType = 'INDEX_TABLE';
    const { reader } = await start({ get_table_objects_by_name_req: () => new metastoreTypes.GetTablesResult({ tables: [index] }) });
    await expect(reader().tables('db', ['i'])).rejects.toMatchObject({
      code: 'METASTORE_TABLE_UNREADABLE',
      message: expect.stringContaining('INDEX_TABLE') as string,
    });
  });

  it('connects again when an idle connection went away', async () => {
    const { reader, sockets } = await start({ get_all_databases: () => ['b', 'a'] });
    const one = reader({ connections: 1 });
    expect(await one.databaseNames()).toEqual(['a', 'b']);
    for (const socket of sockets) socket.destroy();
    expect(await one.databaseNames()).toEqual(['a', 'b']);
    expect(sockets.size).toBe(2);
  });

  it('says that a call took too long, and works on with a new connection', async () => {
    let hangs = true;
    const { reader } = await start({
      get_all_databases: async () => {
        if (hangs) await new Promise(() => undefined);
        return ['a'];
      },
    });
    const impatient = reader({ callTimeoutMs: 2_000, connections: 1 });
    await expect(impatient.databaseNames()).rejects.toMatchObject({
      code: 'METASTORE_TIMEOUT',
      detail: { method: 'get_all_databases', timeoutMs: 2_000 },
    });
    hangs = false;
    expect(await impatient.databaseNames()).toEqual(['a']);
  });

  it('says that the connection was lost during a call', async () => {
    const { reader, sockets } = await start({
      get_all_databases: () => {
        for (const socket of sockets) socket.destroy();
      },
    });
    await expect(reader().databaseNames()).rejects.toMatchObject({ code: 'METASTORE_CONNECTION_LOST' });
  });

  it('falls back to the older call where the newer one is not known', async () => {
    const { reader } = await start({
      get_table_objects_by_name: (_database: string, asked: readonly string[]) => asked.map(aTable),
    });
    expect((await reader().tables('db', ['x'])).map(({ name }) => name)).toEqual(['x']);
  });

  it('leaves out a partition that vanished between the two calls, and keeps the order of names', async () => {
    const { reader } = await start({
      get_partition_names: () => ['p=b', 'p=a%2Fx', 'p=gone'],
      get_partitions_by_names: () => [aPartition('b'), aPartition('a/x')],
    });
    const batches = [];
    for await (const batch of reader().partitions('db', 't')) batches.push(batch.map(({ values }) => values));
    expect(batches).toEqual([[['a/x'], ['b']]]);
  });

  it('refuses calls after it was closed', async () => {
    const { reader } = await start({});
    const closed = reader();
    await closed.close();
    await expect(closed.databaseNames()).rejects.toMatchObject({ code: 'METASTORE_CLOSED' });
  });
});

/** Answers calls that it has no handler for as a Java metastore does that does not know them. */
function processorOf(handler: Handler): typeof metastoreService.Processor {
  class PartialProcessor extends metastoreService.Processor {}
  for (const method of Object.keys(ARGUMENTS)) {
    if (!(method in handler)) Object.defineProperty(PartialProcessor.prototype, `process_${method}`, { value: refusalOf(method) });
  }
  return PartialProcessor;
}

function refusalOf(method: string): (sequence: number, input: TProtocol, output: TProtocol) => void {
  return (sequence, input, output) => {
    input.skip(Thrift.Type.STRUCT);
    input.readMessageEnd();
    const refusal = new Thrift.TApplicationException(Thrift.TApplicationExceptionType.UNKNOWN_METHOD, `Invalid method name: '${method}'`);
    output.writeMessageBegin(method, Thrift.MessageType.EXCEPTION, sequence);
    // thrift 0.24 reads the type but writes `code`.
    Object.assign(refusal, { code: Thrift.TApplicationExceptionType.UNKNOWN_METHOD });
    refusal.write(output);
    output.writeMessageEnd();
    output.flush();
  };
}

/** Asynchronous, since generated code does not catch what a handler throws at once. */
function handlerOf(handler: Handler): object {
  const methods = Object.entries(handler).map(([method, answer]) => {
    const call = async (...sent: never[]): Promise<unknown> => await answer(...sent);
    return [method, Object.defineProperty(call, 'length', { value: ARGUMENTS[method as keyof typeof ARGUMENTS] })];
  });
  return Object.fromEntries(methods) as object;
}

function aStorage(): InstanceType<typeof metastoreTypes.StorageDescriptor> {
  return new metastoreTypes.StorageDescriptor({
    cols: [],
    location: 'hdfs://h:1/x',
    inputFormat: '',
    outputFormat: '',
    compressed: false,
    numBuckets: -1,
    serdeInfo: new metastoreTypes.SerDeInfo({ name: '', serializationLib: '', parameters: {} }),
    bucketCols: [],
    sortCols: [],
    parameters: {},
  });
}

function aTable(tableName: string): InstanceType<typeof metastoreTypes.Table> {
  return new metastoreTypes.Table({
    tableName,
    dbName: 'db',
    owner: 'hive',
    createTime: 0,
    lastAccessTime: 0,
    retention: 0,
    sd: aStorage(),
    partitionKeys: [],
    parameters: {},
    viewOriginalText: '',
    viewExpandedText: '',
    tableType: 'EXTERNAL_TABLE',
  });
}

function aPartition(value: string): InstanceType<typeof metastoreTypes.Partition> {
  return new metastoreTypes.Partition({
    values: [value],
    dbName: 'db',
    tableName: 't',
    createTime: 0,
    lastAccessTime: 0,
    sd: aStorage(),
    parameters: {},
  });
}
