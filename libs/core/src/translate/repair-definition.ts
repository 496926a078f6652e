import type { Decision } from '../model/plan.ts';
import type { SerDeInfo, StorageDescriptor } from '../model/table.ts';

const LAZY = 'org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe';

/** The SerDe that reads a format, where SHOW CREATE TABLE of old versions lost it: by input format. */
const SERDE_OF_FORMAT: Readonly<Record<string, string>> = {
  'org.apache.hadoop.hive.ql.io.orc.OrcInputFormat': 'org.apache.hadoop.hive.ql.io.orc.OrcSerde',
  'org.apache.hadoop.hive.ql.io.RCFileInputFormat': 'org.apache.hadoop.hive.serde2.columnar.LazyBinaryColumnarSerDe',
  'org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat': 'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe',
};

export interface RepairedStorage {
  readonly storage: StorageDescriptor;
  readonly decisions: readonly Decision[];
}

/**
 * Repairs a definition that would not make the same table again: a columnar format said with delimiters, whose SerDe is lost.
 * Delimiters that are control characters, and field names of structs that are keywords, are written right by the printer.
 */
export function repairStorage(storage: StorageDescriptor): RepairedStorage {
  const { inputFormat, serde } = storage;
  const right = inputFormat === undefined ? undefined : SERDE_OF_FORMAT[inputFormat];
  if (right === undefined || (serde.serializationLib !== undefined && serde.serializationLib !== LAZY)) return { storage, decisions: [] };
  const reason = `${inputFormat ?? ''} is not read by ${serde.serializationLib ?? 'no SerDe'}: ${right} is set, delimiters are left out`;
  return {
    storage: { ...storage, serde: { serializationLib: right, parameters: {} } },
    decisions: [{ rule: 'repair-serde-of-format', reason }],
  };
}

/** SerDes that moved to another package between Hive versions. */
export function renameSerde(storage: StorageDescriptor, renames: Readonly<Record<string, string>>): RepairedStorage {
  const { serde } = storage;
  const to = serde.serializationLib === undefined ? undefined : renames[serde.serializationLib];
  if (to === undefined) return { storage, decisions: [] };
  const renamed: SerDeInfo = { ...serde, serializationLib: to };
  return {
    storage: { ...storage, serde: renamed },
    decisions: [{ rule: 'rename-serde', reason: `${serde.serializationLib ?? ''} is called ${to} by the target's Hive` }],
  };
}
