/** Types, SerDes, delimiters, and texts that must survive quoting. */
import { externalDirectory, file, lines, type TableDefinition } from './definition.ts';

const db = 'hr';

export const HR: readonly TableDefinition[] = [
  {
    db,
    table: 'employees',
    kind: 'external',
    create: [
      `create external table hr.employees (id int, name string, skills array<string>, phones map<string,string>, address struct<street:string,zip:int>)`,
    ],
    files: [
      file(
        `${externalDirectory(db, 'employees')}/part-0`,
        lines(
          60,
          (index) => [
            index,
            `Zoë ${index}`,
            'sql\u0002java',
            `home\u0003${index}\u0002work\u0003${index + 1}`,
            `Main St\u0002${8000 + index}`,
          ],
          '\u0001',
        ),
      ),
    ],
    insert: [
      `from hr.employees
       insert overwrite table hr.all_types select cast(id as tinyint), cast(id as smallint), id, cast(id as bigint) + 9007199254740993, cast(id as float) / 3,
         cast(id as double) / 7, id % 2 = 0, cast('12345678901234567890.123456789' as decimal(38,9)), cast(name as char(12)), cast(name as varchar(5)),
         cast('2024-02-29 12:34:56.789' as timestamp), cast('2024-02-29' as date), unhex('00FF10'), if(id % 5 = 0, null, name)
       insert overwrite table hr.nested_types select id, array(named_struct('a', id, 'b', map('k', cast(id as double)))), address`,
    ],
  },
  {
    db,
    table: 'all_types',
    kind: 'managed',
    create: [
      `create table hr.all_types (ti tinyint, si smallint, i int, b bigint, f float, d double, flag boolean, num decimal(38,9), c char(12), v varchar(5),
        ts timestamp, dt date, bin binary, nullable string) stored as orc`,
    ],
  },
  {
    db,
    table: 'nested_types',
    kind: 'external',
    create: [
      'create external table hr.nested_types (id int, deep array<struct<a:int,b:map<string,double>>>, address struct<street:string,zip:int>) stored as parquet',
    ],
  },
  {
    db,
    table: 'notes',
    kind: 'external',
    create: [
      `create external table hr.notes (id int comment 'it\\'s the "key"; first', body string comment 'back\\\\slash\\nand a second line')
       comment 'He said "no"; it\\'s in C:\\\\temp\\nsecond line'
       row format delimited fields terminated by '|' location '/data/hr/notes/'
       tblproperties ('single'='it\\'s', 'double'='say "hi"', 'semicolon'='a;b', 'backslash'='c:\\\\x', 'newline'='a\\nb', 'unicode'='Zürich 日本')`,
    ],
    files: [
      file(
        '/data/hr/notes/part-0',
        lines(12, (index) => [index, `body ${index}; "quoted" it's`], '|'),
      ),
    ],
  },
  {
    db,
    table: 'csv',
    kind: 'external',
    create: [
      `create external table hr.csv (id string, name string, remark string) row format serde 'org.apache.hadoop.hive.serde2.OpenCSVSerde'
       with serdeproperties ('separatorChar'=';', 'quoteChar'='"', 'escapeChar'='\\\\') location '/data/hr/csv'`,
    ],
    files: [
      file(
        '/data/hr/csv/people.csv',
        lines(15, (index) => [index, `"Doe; Jane ${index}"`, 'plain'], ';'),
      ),
    ],
  },
  {
    db,
    table: 'control_characters',
    kind: 'external',
    create: [
      `create external table hr.control_characters (id int, tags array<string>) row format serde 'org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe'
       with serdeproperties ('field.delim'='\\003', 'collection.delim'='\\004', 'serialization.format'='\\003', 'serialization.null.format'='NULL') stored as textfile`,
    ],
    files: [
      file(
        `${externalDirectory(db, 'control_characters')}/part-0`,
        lines(10, (index) => [index, `x\u0004y${index}`], '\u0003'),
      ),
    ],
  },
  {
    db,
    table: 'departments',
    kind: 'external',
    create: [
      `create external table hr.departments (name string, head int) skewed by (name) on ('engineering', 'operations')
       row format delimited fields terminated by ',' tblproperties ('external.table.purge'='true')`,
    ],
    files: [file(`${externalDirectory(db, 'departments')}/part-0`, 'engineering,1\noperations,2\nlegal,3\n')],
  },
  {
    db,
    table: 'vacancies',
    kind: 'external',
    create: [`create external table hr.vacancies (id int, title string) location '/data/hr/vacancies'`],
  },
  {
    db,
    table: 'best_customers',
    kind: 'view',
    create: [],
    after: ['create view hr.best_customers (who, total) as select customer, total from sales.order_totals where total > 100'],
  },
];
