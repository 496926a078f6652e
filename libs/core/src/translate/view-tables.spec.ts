import { describe, expect, it } from 'vitest';
import { displayName } from '../model/table.ts';
import { tablesOfView } from './view-tables.ts';

const tables = (text: string): readonly string[] => tablesOfView(text).map(displayName);

describe('tables of a view', () => {
  it.each([
    ['SELECT `t`.`a` FROM `d`.`t`', ['d.t']],
    ['select `a`.`x` from `d`.`a` `a` left outer join `e`.`b` on `a`.`x` = `b`.`x`', ['d.a', 'e.b']],
    ['select `x`.`a` from (select `t`.`a` from `d`.`t`) `x`', ['d.t']],
    ['select 1 from `d`.`a` `p`, `d`.`b` `q`', ['d.a', 'd.b']],
    ["select 'from `x`.`y`' from `d`.`t`", ['d.t']],
    ['select `t`.`a`, `t`.`b` from `d`.`t` group by `t`.`a`, `t`.`b`', ['d.t']],
    ['select 1', []],
  ])('of %s', (text, expected) => {
    expect(tables(text)).toEqual(expected);
  });
});
