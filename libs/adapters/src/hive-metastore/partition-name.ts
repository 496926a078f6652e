/**
 * Values in a partition name as the metastore gives it, `k=v/k2=v2` with `%XX` for what Hive escapes in paths.
 * Copied behaviour: `Warehouse.makeValsFromName` and `FileUtils.unescapePathName`, Hive 3.1.3.
 */
export function valuesOfPartitionName(name: string): readonly string[] {
  return name.split('/').map((part) => unescapePathName(part.slice(part.indexOf('=') + 1)));
}

function unescapePathName(text: string): string {
  return text.replaceAll(/%([0-9a-fA-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}
