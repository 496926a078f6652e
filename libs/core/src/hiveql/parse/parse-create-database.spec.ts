import { describe, expect, it } from 'vitest';
import { parseCreateDatabase } from './parse-create-database.ts';

describe('the text of SHOW CREATE DATABASE', () => {
  it('gives comment, locations and properties as they were, whatever is in them (recorded, 4.0.1)', () => {
    const text = String.raw`CREATE DATABASE ${'`lake`'}
COMMENT
  'it\'s a b'
LOCATION
  'hdfs://h:1/external/lake.db'
MANAGEDLOCATION
  'hdfs://h:1/managed/lake.db'
WITH DBPROPERTIES (
  'a'='b=c', 
  'd'='{x, y=z}\n\;\'q')`;
    expect(parseCreateDatabase(text)).toEqual({
      kind: 'parsed',
      database: {
        name: 'lake',
        description: "it's a b",
        locationUri: 'hdfs://h:1/external/lake.db',
        managedLocationUri: 'hdfs://h:1/managed/lake.db',
        parameters: { a: 'b=c', d: "{x, y=z}\n;'q" },
      },
    });
  });

  it('may say the name and nothing else', () => {
    expect(parseCreateDatabase('CREATE DATABASE `x`')).toEqual({ kind: 'parsed', database: { name: 'x', parameters: {} } });
  });

  it('that says something else is refused with its place', () => {
    expect(parseCreateDatabase('CREATE DATABASE `x`\nUSING c')).toMatchObject({ kind: 'syntax-error', line: 2, column: 1 });
  });
});
