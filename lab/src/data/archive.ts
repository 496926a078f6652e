/** Plain tables in numbers: a dozen for `small`, and as many as asked for by `--tables`. */
import { file, lines, type TableDefinition } from './definition.ts';

/** Every third is partitioned; each has two files. */
export function archive(db: string, count: number, rows: number): readonly TableDefinition[] {
  return Array.from({ length: count }, (_, index) => {
    const table = `log_${String(index + 1).padStart(3, '0')}`;
    return index % 3 === 0 ? partitioned(db, table, rows) : flat(db, table, rows);
  });
}

const row = (index: number): readonly (string | number)[] => [index, `message number ${index}`, (index * 7919) % 1000];

function flat(db: string, table: string, rows: number): TableDefinition {
  const location = `/data/${db}/${table}`;
  return {
    db,
    table,
    kind: 'external',
    create: [
      `create external table ${db}.${table} (id bigint, message string, level int) row format delimited fields terminated by '\\t' location '${location}'`,
    ],
    files: [0, 1].map((part) =>
      file(
        `${location}/part-${part}`,
        lines(rows, (index) => row(part * rows + index)),
      ),
    ),
  };
}

function partitioned(db: string, table: string, rows: number): TableDefinition {
  const location = `/data/${db}/${table}`;
  return {
    db,
    table,
    kind: 'external',
    create: [
      `create external table ${db}.${table} (id bigint, message string, level int) partitioned by (year int) row format delimited fields terminated by '\\t' location '${location}'`,
      `alter table ${db}.${table} add partition (year=2022) partition (year=2023)`,
    ],
    files: [2022, 2023].map((year) =>
      file(
        `${location}/year=${year}/part-0`,
        lines(rows, (index) => row(year + index)),
      ),
    ),
  };
}
