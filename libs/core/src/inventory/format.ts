import type { StorageDescriptor } from '../model/table.ts';

/** What decides how a file is read, as comparable text: SerDe and both formats. */
export function formatOf({ inputFormat, outputFormat, serde }: StorageDescriptor): string {
  return [serde.serializationLib, inputFormat, outputFormat].map((part) => part ?? '').join(' | ');
}
