import {
  MigrationError,
  describeDatabase,
  describeFormatted,
  describeFormattedPartition,
  describePartition,
  describeTable,
  parsePartitionName,
  showCreateDatabase,
  showCreateTable,
} from '@hiveferry/core';
import type { Column, Database, Partition, Table, TableName } from '@hiveferry/core';
import { describedDatabase, describedPartition, describedTable, withoutSums } from './described-json.ts';
import { describedText } from './described-text.ts';
import type { ReadingSessions } from './reading-sessions.ts';
import { databaseOfTexts, partitionOfText, tableOfTexts, viewOfTexts } from './text-objects.ts';

/** One way to ask HiveServer2 for whole objects. What is not there fails as Hive says it. */
export interface ObjectWay {
  database(name: string): Promise<Database>;
  table(name: TableName): Promise<Table>;
  /** @returns reads one partition by its escaped name */
  partitionsOf(name: TableName): (partition: string) => Promise<Partition>;
}

/**
 * Objects as JSON, one statement each; where the server does not allow that (`METASTORE_FORMAT_REFUSED`), from the texts that it prints for
 * people, from then on.
 */
export function objectsOf(sessions: ReadingSessions): ObjectWay {
  const [json, text] = [asJson(sessions), asText(sessions)];
  let isRefused = false;
  const by = async <T>(asked: () => Promise<T>, otherwise: () => Promise<T>): Promise<T> => {
    if (isRefused) return await otherwise();
    try {
      return await asked();
    } catch (fault) {
      if (!(fault instanceof MigrationError) || fault.code !== 'METASTORE_FORMAT_REFUSED') throw fault;
      isRefused = true;
      return await otherwise();
    }
  };
  return {
    database: (name) =>
      by(
        () => json.database(name),
        () => text.database(name),
      ),
    table: (name) =>
      by(
        () => json.table(name),
        () => text.table(name),
      ),
    partitionsOf: (name) => {
      const [ofJson, ofText] = [json.partitionsOf(name), text.partitionsOf(name)];
      return (partition) =>
        by(
          () => ofJson(partition),
          () => ofText(partition),
        );
    },
  };
}

function asJson(sessions: ReadingSessions): ObjectWay {
  return {
    database: async (name) => describedDatabase(await sessions.ask(describeDatabase(name), 'json')),
    table: async (name) => describedTable(await sessions.ask(describeTable(name), 'json')),
    partitionsOf: (name) => async (partition) => {
      const { keys, values } = specOf(partition);
      const rows = await sessions.ask(describePartition(name, keys, values), 'json');
      return describedPartition(
        rows,
        keys.map((key) => key.name),
      );
    },
  };
}

/** Two statements a database or table, one a partition. */
function asText(sessions: ReadingSessions): ObjectWay {
  const table = async (name: TableName): Promise<Table> => {
    const text = describedText(await sessions.ask(describeFormatted(name), 'text'));
    if (text.value('Table Type')?.endsWith('VIEW') === true) {
      return viewOfTexts(name, text, await sessions.ask(describeTable(name), 'text'));
    }
    const read = tableOfTexts(name, text, await sessions.ask(showCreateTable(name), 'text'));
    return read.partitionKeys.length === 0 ? read : { ...read, parameters: withoutSums(read.parameters) };
  };
  return {
    database: async (name) => {
      const described = await sessions.ask(describeDatabase(name), 'text');
      return databaseOfTexts(described, await sessions.ask(showCreateDatabase(name), 'text'));
    },
    table,
    partitionsOf: (name) => {
      let asked: Promise<Table> | undefined;
      return async (partition) => {
        asked ??= table(name);
        const whole = await asked;
        const { keys, values } = specOf(partition);
        const described = await sessions.ask(describeFormattedPartition(name, keys, values), 'text');
        return partitionOfText(values, describedText(described), whole);
      };
    },
  };
}

function specOf(partition: string): { readonly keys: readonly Column[]; readonly values: readonly string[] } {
  const pairs = parsePartitionName(partition) ?? [];
  return { keys: pairs.map(({ key }) => ({ name: key, type: 'string' })), values: pairs.map(({ value }) => value) };
}
