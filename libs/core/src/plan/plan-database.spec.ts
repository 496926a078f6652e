import { describe, expect, it } from 'vitest';
import type { Database } from '../model/table.ts';
import { SETTINGS, SOURCE, TARGET } from '../testing/builders.ts';
import { planDatabase } from './plan-database.ts';

const plan = (source: Database, databasePrefix = '') =>
  planDatabase({ source, clusters: { source: SOURCE, target: TARGET }, settings: { ...SETTINGS, databasePrefix } });
const createOf = (source: Database, prefix?: string): string | undefined => plan(source, prefix).statements[0]?.sql;

describe('database plans', () => {
  it('say no location when the source has its default', () => {
    expect(createOf({ name: 'shop', locationUri: 'hdfs://left:8020/warehouse/managed/shop.db', parameters: {} })).toBe(
      'CREATE DATABASE IF NOT EXISTS `shop`',
    );
  });

  it('carry over comment, properties and a location of its own', () => {
    expect(
      createOf({ name: 'shop', description: "ana's", locationUri: 'hdfs://left:8020/data/shop', parameters: { b: '2', a: '1' } }),
    ).toBe(
      "CREATE DATABASE IF NOT EXISTS `shop`\nCOMMENT 'ana\\'s'\nLOCATION 'hdfs://right:9020/data/shop'\nWITH DBPROPERTIES (\n  'a'='1',\n  'b'='2')",
    );
  });

  it('do not create the default database', () => {
    expect(createOf({ name: 'default', parameters: {} })).toContain('hiveferry_preflight');
  });

  it('say of each statement which database it makes', () => {
    expect(plan({ name: 'shop', parameters: {} }, 'copy_').statements.map(({ subject }) => subject)).toEqual([
      'copy_shop',
      'hiveferry_preflight',
    ]);
  });

  it('warn of a location that no rule covers, and leave it to the target', () => {
    const { issues, statements } = plan({ name: 'shop', locationUri: 's3a://bucket/shop', parameters: {} });
    expect(issues.map(({ code }) => code)).toEqual(['DATABASE_LOCATION_UNMAPPED']);
    expect(statements[0]?.sql).not.toContain('LOCATION');
  });

  it('put the prefix before the name', () => {
    expect(createOf({ name: 'shop', parameters: {} }, 'copy_')).toBe('CREATE DATABASE IF NOT EXISTS `copy_shop`');
  });
});
