import { expect, it } from 'vitest';
import { initStatements } from './init-file.ts';

it("takes a file's statements as Hive's driver does", () => {
  const file = '-- queue\n# of nights\nset tez.queue.name=etl;\r\n\nuse\n  sales ; set role admin';
  expect(initStatements(file)).toEqual(['set tez.queue.name=etl', 'use sales', 'set role admin']);
  expect(initStatements('')).toEqual([]);
});
