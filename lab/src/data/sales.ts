/** Formats, partitions with values that need escaping, and rows that only transactions can hold. */
import { externalDirectory, file, lines, type TableDefinition } from './definition.ts';

const db = 'sales';
const DAYS = ['2024-02-28', '2024-02-29', '2024-03-01'];
const REGIONS = ['a=b', 'x/y', '%3A', 'New York', 'Zürich', '日本', '\\N', 'north'];
const COLUMNS = 'id bigint, customer string, region string, amount decimal(10,2)';
const TAB = `row format delimited fields terminated by '\\t'`;

const order = (index: number): readonly (string | number)[] => [
  index,
  `customer ${index % 17}`,
  REGIONS[index % REGIONS.length] ?? '',
  `${index % 1000}.${String(index % 100).padStart(2, '0')}`,
];
const placed =
  (base: number) =>
  (index: number): readonly (string | number)[] =>
    order(base + index);

export const SALES: readonly TableDefinition[] = [
  {
    db,
    table: 'orders',
    kind: 'external',
    create: [
      `create external table sales.orders (${COLUMNS}) partitioned by (dt date) ${TAB} location '/data/sales/orders'`,
      `alter table sales.orders add ${DAYS.map((day) => `partition (dt='${day}')`).join(' ')}`,
    ],
    files: DAYS.map((day, at) => file(`/data/sales/orders/dt=${day}/part-00000`, lines(120, placed(at * 120)))),
    insert: [
      `from sales.orders
       insert overwrite table sales.orders_by_region partition (region) select id, customer, amount, region
       insert overwrite table sales.orders_by_month partition (year, month) select id, customer, amount, year(dt), month(dt)
       insert overwrite table sales.orders_avro select id, customer, amount, dt
       insert overwrite table sales.order_summary select id, amount where id < 200
       insert overwrite directory '/data/sales/mixed/era=orc' stored as orc select id, customer where id < 50`,
    ],
  },
  {
    db,
    table: 'orders_big',
    kind: 'external',
    create: [`create external table sales.orders_big (${COLUMNS}, note string) ${TAB}`],
    files: [0, 1].map((at) =>
      file(
        `${externalDirectory(db, 'orders_big')}/part-0000${at}`,
        lines(22_000, (index) => [...placed(at * 22_000)(index), `note of order ${index} `.repeat(4)]),
      ),
    ),
  },
  {
    db,
    table: 'orders_by_region',
    kind: 'external',
    create: [
      `create external table sales.orders_by_region (id bigint, customer string, amount decimal(10,2)) partitioned by (region string) stored as orc`,
    ],
  },
  {
    db,
    table: 'orders_by_month',
    kind: 'external',
    create: [
      `create external table sales.orders_by_month (id bigint, customer string, amount decimal(10,2)) partitioned by (year int, month int) stored as parquet location '/data/sales/by month'`,
    ],
  },
  {
    db,
    table: 'orders_avro',
    kind: 'external',
    create: [`create external table sales.orders_avro (id bigint, customer string, amount decimal(10,2), dt date) stored as avro`],
  },
  {
    db,
    table: 'order_summary',
    kind: 'managed',
    create: ['create table sales.order_summary (id bigint, amount decimal(10,2)) stored as orc'],
  },
  {
    db,
    table: 'customers',
    kind: 'managed',
    create: ['create table sales.customers (id bigint, name string) clustered by (id) sorted by (id desc) into 2 buckets stored as orc'],
    insert: ['insert overwrite table sales.customers select id, customer from sales.orders where id < 90'],
  },
  {
    db,
    table: 'mixed_formats',
    kind: 'external',
    create: [`create external table sales.mixed_formats (id bigint, name string) partitioned by (era string) location '/data/sales/mixed'`],
    after: [
      `alter table sales.mixed_formats add partition (era='orc') partition (era='text')`,
      `alter table sales.mixed_formats partition (era='orc') set fileformat orc`,
    ],
    lateFiles: [
      file(
        '/data/sales/mixed/era=text/rows.txt',
        lines(30, (index) => [index, `name ${index}`], '\u0001'),
      ),
    ],
  },
  {
    db,
    table: 'returns',
    kind: 'external',
    create: [
      `create external table sales.returns (id bigint, reason string) partitioned by (year int) ${TAB} location '/data/sales/returns'`,
      `alter table sales.returns add partition (year=2023) partition (year=2024) location '/data/elsewhere/returns-2024' partition (year=2025)`,
    ],
    files: [
      file(
        '/data/sales/returns/year=2023/part-0',
        lines(20, (index) => [index, 'too small']),
      ),
      file(
        '/data/elsewhere/returns-2024/part-0',
        lines(25, (index) => [index, 'too big']),
      ),
    ],
  },
  {
    db,
    table: 'accounts',
    kind: 'acid',
    create: [`create table sales.accounts (id int, balance decimal(10,2)) stored as orc tblproperties ('transactional'='true')`],
    insert: [
      'insert into sales.accounts values (1, 10.00), (2, 20.00), (3, 30.00)',
      'update sales.accounts set balance = 25.50 where id = 2',
      'delete from sales.accounts where id = 3',
    ],
  },
  {
    db,
    table: 'journal',
    kind: 'insert-only',
    create: [
      `create table sales.journal (id int, entry string) stored as orc tblproperties ('transactional'='true', 'transactional_properties'='insert_only')`,
    ],
    insert: [`insert into sales.journal values (1, 'opened'), (2, 'closed')`],
  },
  {
    db,
    table: 'order_totals',
    kind: 'view',
    create: [],
    after: [
      `create view sales.order_totals comment 'Totals; by customer' as select customer, sum(amount) as total from sales.orders group by customer`,
    ],
  },
];
