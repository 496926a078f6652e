import { expect, it } from 'vitest';
import { parseLocation, parseNamespace } from './location.ts';

const nameservice = parseNamespace('hdfs://HDP50');

it('keeps the name of a nameservice as it is written', () => {
  expect(parseLocation('HDFS://HDP50/data//x/')).toBe('hdfs://HDP50/data/x');
});

it.each(['hdfs://hdp50/data', 'HDFS://Hdp50/data', '/data'])('takes %s for a place in the file system of another spelling', (text) => {
  expect(parseLocation(text, nameservice)).toBe('hdfs://HDP50/data');
});

it('does not take one file system for another', () => {
  expect(parseLocation('hdfs://HDP51/data', nameservice)).toBe('hdfs://HDP51/data');
});
