import { describe, expect, it } from 'vitest';
import { selectDatabases } from './select-databases.ts';
import { TWO_CLUSTERS, configurationOf } from './testing.ts';

const FOUND = ['sales', 'hr', 'sales_archive'];

describe('databases of a data set', () => {
  it.each([
    ['all, when nothing is said', '', FOUND],
    ['those that are listed', '-db hr,sales', ['sales', 'hr']],
    ['those whose name holds a match', '-dbRegEx sal', ['sales', 'sales_archive']],
    ['of the pattern before those that are listed', '-dbRegEx ^hr$ -db sales', ['hr']],
    ['with STORAGE_MIGRATION those of the plans, whatever else is said', '-d STORAGE_MIGRATION -wps hr=/e:/m -dbRegEx sales', ['hr']],
    ['of the plans, where locations of partitions count', '-d SQL -wps hr=/e:/m -db sales', ['hr']],
    ['that are listed, where they do not', '-wps hr=/e:/m -db sales', ['sales']],
    ['none that is not there', '-db nothing', []],
  ])('take part: %s', (_name, options, expected) => {
    const configuration = configurationOf(TWO_CLUSTERS, ...options.split(' ').filter((word) => word !== ''));
    expect(selectDatabases(configuration, FOUND)).toEqual(expected);
  });
});
