/** Names that are words of HiveQL, or begin with a digit. */
import { file, lines, type TableDefinition } from './definition.ts';

const db = 'group';

export const KEYWORDS: readonly TableDefinition[] = [
  {
    db,
    table: 'order',
    kind: 'external',
    create: [
      "create external table `group`.`order` (`select` int, `from` string) partitioned by (`table` string) location '/data/group/order'",
      "alter table `group`.`order` add partition (`table`='where')",
    ],
    files: [
      file(
        '/data/group/order/table=where/part-0',
        lines(6, (index) => [index, 'from'], '\u0001'),
      ),
    ],
  },
  {
    db,
    table: '2024_log',
    kind: 'external',
    create: ["create external table `group`.`2024_log` (`1st` string, `_2nd` string) location '/data/group/2024_log'"],
    files: [
      file(
        '/data/group/2024_log/part-0',
        lines(5, (index) => [index, 'x'], '\u0001'),
      ),
    ],
  },
];
