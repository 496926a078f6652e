import { describe, expect, it } from 'vitest';
import type { TableConstraint } from '../model/constraint.ts';
import { OLD_HIVE, aPair, aRecorded, anAcidTable, linesOf, scriptsOf } from '../testing/script-builders.ts';
import type { SettingsOverrides } from '../testing/script-builders.ts';

const CONSTRAINTS: readonly TableConstraint[] = [
  { kind: 'PRIMARY_KEY', name: 'pk', columns: ['id'], traits: ['DISABLE', 'NOVALIDATE', 'RELY'] },
  { kind: 'UNIQUE', columns: ['id', 'x`y'], traits: ['DISABLE'] },
  { kind: 'NOT_NULL', columns: ['id'], traits: ['ENABLE'] },
  { kind: 'CHECK', columns: ['id'], expression: '(id > 1)', traits: ['ENABLE'] },
  { kind: 'CHECK', name: 'c2', columns: [], expression: '(id < 9)', traits: ['ENABLE', 'RELY'] },
  { kind: 'FOREIGN_KEY', name: 'fk', columns: ['id'], references: { table: { database: 'shop', table: 'u' }, columns: ['k'] }, traits: [] },
];

function planned(source: ReturnType<typeof aRecorded>, overrides: SettingsOverrides = {}) {
  const [table] = scriptsOf([aPair({ source: { ...source, constraints: CONSTRAINTS } })], overrides).tables;
  const lines = linesOf(table?.statements ?? []).filter((line) => /CONSTRAINT|CHANGE COLUMN/.test(line));
  return { lines, issues: table?.issues.map(({ code, detail }) => [code, detail]) };
}

describe('constraints', () => {
  it('of an external table inform only; what Hive would have to enforce is named', () => {
    expect(planned(aRecorded(), { names: { databasePrefix: 'dr_' } })).toEqual({
      lines: [
        'target: ALTER TABLE `dr_shop`.`orders` ADD CONSTRAINT `pk` PRIMARY KEY (`id`) DISABLE NOVALIDATE RELY',
        'target: ALTER TABLE `dr_shop`.`orders` ADD CONSTRAINT `orders_unique_id_x``y` UNIQUE (`id`, `x``y`) DISABLE NOVALIDATE NORELY',
        'target: ALTER TABLE `dr_shop`.`orders` CHANGE COLUMN `id` `id` int NOT NULL DISABLE NOVALIDATE RELY',
        'clean-up target: ALTER TABLE `dr_shop`.`orders` ADD CONSTRAINT `fk` FOREIGN KEY (`id`) REFERENCES `dr_shop`.`u` (`k`) DISABLE NOVALIDATE NORELY',
      ],
      issues: [['CONSTRAINTS_NOT_ENFORCED', { constraints: ['CHECK (id > 1) id', 'CHECK (id < 9)'] }]],
    });
  });

  it('of a transactional table stay in force', () => {
    const { lines, issues } = planned(anAcidTable(), { strategy: 'SQL', movement: { by: 'SQL' } });
    expect(lines.slice(2)).toEqual([
      'target: ALTER TABLE `shop`.`orders` CHANGE COLUMN `id` `id` int NOT NULL ENABLE NOVALIDATE NORELY',
      'target: ALTER TABLE `shop`.`orders` CHANGE COLUMN `id` `id` int CHECK (id > 1) ENABLE NOVALIDATE NORELY',
      'target: ALTER TABLE `shop`.`orders` ADD CONSTRAINT `c2` CHECK (id < 9) ENABLE NOVALIDATE RELY',
      'clean-up target: ALTER TABLE `shop`.`orders` ADD CONSTRAINT `fk` FOREIGN KEY (`id`) REFERENCES `shop`.`u` (`k`) DISABLE NOVALIDATE NORELY',
    ]);
    expect(issues).toEqual([]);
  });

  it('are not said to Hive 1 and 2', () => {
    expect(planned(aRecorded(), { strategy: 'DUMP', clusters: { source: OLD_HIVE } }).lines).toEqual([]);
  });
});
