import { describe, expect, it } from 'vitest';
import { aRecorded, linesOf, scriptOf } from '../testing/script-builders.ts';

const avro = (url: string) => scriptOf(aRecorded('orders', { parameters: { 'avro.schema.url': url } }));

describe('the schema file of an Avro table', () => {
  it('that lies in the table directory goes along', () => {
    const { statements, issues, decisions } = avro('hdfs://SRC/data/shop.db/orders/.schema/a.avsc');
    expect(linesOf(statements).join('\n')).toContain("'avro.schema.url'='hdfs://TGT/data/shop.db/orders/.schema/a.avsc'");
    expect(issues).toEqual([]);
    expect(decisions.map(({ rule }) => rule)).toContain('path-follows-table');
  });

  it('that lies elsewhere stays there, which is told', () => {
    const { statements, issues } = avro('hdfs://SRC/schemas/a.avsc');
    expect(linesOf(statements).join('\n')).toContain("'avro.schema.url'='hdfs://SRC/schemas/a.avsc'");
    expect(issues).toMatchObject([{ code: 'SCHEMA_URL_AT_SOURCE', detail: { url: 'hdfs://SRC/schemas/a.avsc' } }]);
  });

  it('stays with a table that stays', () => {
    const { issues } = scriptOf(aRecorded('orders', { parameters: { 'avro.schema.url': 'hdfs://SRC/s.avsc' } }), { strategy: 'LINKED' });
    expect(issues).toEqual([]);
  });
});

describe('an Iceberg table', () => {
  it('is not copied: it holds absolute paths', () => {
    const iceberg = aRecorded('orders', { parameters: { table_type: 'ICEBERG' } });
    for (const strategy of ['SCHEMA_ONLY', 'SQL', 'EXPORT_IMPORT', 'STORAGE_MIGRATION'] as const) {
      const script = scriptOf(iceberg, { strategy, selection: { nonNative: true } });
      expect(script).toMatchObject({ decision: 'REFUSED', statements: [], issues: [{ code: 'ICEBERG_NOT_COPIED' }] });
    }
    expect(scriptOf(iceberg, { strategy: 'ICEBERG_CONVERSION', selection: { nonNative: true } }).decision).toBe('LEFT_ALONE');
  });
});
