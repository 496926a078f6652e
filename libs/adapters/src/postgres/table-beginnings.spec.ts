import { expect, it } from 'vitest';
import { beginningsOf } from './table-beginnings.sql.ts';

it('marks the one step that needs none of its table: the table begins with it', () => {
  const steps = [
    { key: 'copy', after: ['preflight', 'database'] },
    { key: 'preflight', after: ['database'] },
    { key: 'verify', after: ['copy'] },
  ];
  expect([...beginningsOf(steps)]).toEqual([['preflight', 'FOLDED']]);
});

it('marks each of several, of which any may be the first', () => {
  const steps = [
    { key: 'copy-1', after: ['database'] },
    { key: 'copy-2', after: [] },
    { key: 'create-table', after: ['copy-1', 'copy-2'] },
  ];
  expect([...beginningsOf(steps)]).toEqual([
    ['copy-1', 'WRITTEN'],
    ['copy-2', 'WRITTEN'],
  ]);
});
