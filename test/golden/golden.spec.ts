import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readCase } from './golden-case.ts';
import { printPlan, printStatements } from './golden-print.ts';
import { planTable } from '@hiveferry/core';

const ROOT = import.meta.dirname;
const isUpdate = process.env['UPDATE_GOLDEN'] === '1';

/** Each folder is a case: `input.yaml`, and what is expected as text. `npm run golden:update` rewrites; read the diff. */
const strategies = readdirSync(ROOT, { withFileTypes: true }).filter((entry) => entry.isDirectory()).map(({ name }) => name);

describe.each(strategies)('%s', (strategy) => {
  const cases = readdirSync(join(ROOT, strategy)).sort();
  it.each(cases)('%s', (name) => {
    const folder = join(ROOT, strategy, name);
    const plan = planTable(readCase(readFileSync(join(folder, 'input.yaml'), 'utf8')));
    check(join(folder, 'plan.yaml'), printPlan(plan));
    check(join(folder, 'target.sql'), printStatements(plan));
  });
});

/** An empty text has no file. */
function check(path: string, text: string): void {
  if (isUpdate && text !== '') writeFileSync(path, text);
  expect(text).toBe(existsSync(path) ? readFileSync(path, 'utf8') : '');
}
