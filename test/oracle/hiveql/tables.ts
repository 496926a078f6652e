/** Tables whose SHOW CREATE TABLE is recorded: everything that Hive prints in a way of its own, made by HiveQL of both versions. */

export const ORACLE_DATABASE = 'oracle_ddl';

const DB = `\`${ORACLE_DATABASE}\``;

/** `it's "x"; a\b`, a line feed, a tab, form feed, backspace, carriage return, control characters, percent and underline, beyond ASCII. */
const HOSTILE = String.raw`'it\'s "x"\; a\\b\nc\td\014e\010f\rg\001\037 100\% \\_ $x größe 表 \\u0041'`;

export const TABLES: Readonly<Record<string, string>> = {
  types: String.raw`create external table ${DB}.types (a tinyint, b smallint, c int, d bigint, e float, f double, g decimal(38,18), h decimal,
    i string, j varchar(65535), k char(255), l timestamp, m date, n binary, o boolean, p array<int>, q map<string,array<date>>,
    r struct<x:int,y:struct<z:string,w:array<map<int,string>>>>, s uniontype<int,string,struct<a:int>>) stored as orc`,
  keywords: `create external table ${DB}.\`keywords\` (\`select\` int, \`from\` struct<\`date\`:string,\`order\`:int>, \`1st\` string)
    partitioned by (\`table\` string, \`group\` int) stored as textfile`,
  odd_columns: `create external table ${DB}.odd_columns (\`a b\` int, \`größe\` string, \`a-b\` int, \`x;y\` int, \`it's\` int, \`"q"\` int, \`(p)\` int, \`a\`\`b\` int)
    stored as textfile`,
  comments: `create external table ${DB}.comments (a int comment ${HOSTILE}, b int comment '', c int) comment ${HOSTILE}
    partitioned by (p string comment ${HOSTILE}) stored as parquet`,
  properties: `create external table ${DB}.properties (a int) stored as textfile tblproperties ('hostile'=${HOSTILE}, 'Case'='Kept', 'empty'='',
    'json'='{\\"type\\":\\"struct\\",\\"path\\":\\"C:\\\\\\\\x\\"}', 'comment.like'='x', 'a b'='c', 'größe'='ü')`,
  delimited: String.raw`create external table ${DB}.delimited (a array<string>, b map<string,int>) row format delimited fields terminated by '\001' escaped by '\\'
    collection items terminated by '\002' map keys terminated by '\003' lines terminated by '\n' null defined as '\\N' stored as textfile`,
  tabbed: String.raw`create external table ${DB}.tabbed (a int) row format delimited fields terminated by '\t' stored as textfile`,
  serde_properties: `create external table ${DB}.serde_properties (a string) row format serde 'org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe'
    with serdeproperties ('serialization.format'='7', 'field.delim'='\\u0001', 'hostile'=${HOSTILE}) stored as textfile`,
  regex: String.raw`create external table ${DB}.regex (host string comment 'the host', rest string) row format serde 'org.apache.hadoop.hive.serde2.RegexSerDe'
    with serdeproperties ('input.regex'='^(\\S+)\\s+"([^"]*)"\;$') stored as textfile`,
  csv: String.raw`create external table ${DB}.csv (a string comment 'first', b string) row format serde 'org.apache.hadoop.hive.serde2.OpenCSVSerde'
    with serdeproperties ('separatorChar'=',', 'quoteChar'='\'', 'escapeChar'='\\') stored as textfile`,
  avro: `create external table ${DB}.avro (a int comment 'first', b array<string>) stored as avro`,
  sequence: `create external table ${DB}.sequence (a int) stored as sequencefile`,
  rcfile: `create external table ${DB}.rcfile (a int) stored as rcfile`,
  bucketed: `create external table ${DB}.bucketed (id int, \`a b\` string, v string) clustered by (id, \`a b\`) sorted by (v desc, id asc, \`a b\` desc) into 4 buckets stored as orc`,
  skewed_one: `create external table ${DB}.skewed_one (id int, v string) skewed by (id) on (1, 2) stored as textfile`,
  skewed_two: `create external table ${DB}.skewed_two (id int, v string) partitioned by (p int) skewed by (id, v) on ((1, 'a'), (2, 'b c'), (3, '')) stored as directories stored as orc`,
  managed: `create table ${DB}.managed (a int) stored as orc`,
  acid: `create table ${DB}.acid (a int, b string) clustered by (a) into 2 buckets stored as orc tblproperties ('transactional'='true')`,
  insert_only: `create table ${DB}.insert_only (a int) stored as textfile tblproperties ('transactional'='true', 'transactional_properties'='insert_only')`,
  constraints: `create table ${DB}.constraints (a int not null enable, b string default 'x, y' enable, c int, primary key (a) disable novalidate rely,
    unique (c) disable novalidate rely) stored as orc tblproperties ('transactional'='true')`,
  external_by_property: `create table ${DB}.external_by_property (a int) stored as textfile tblproperties ('EXTERNAL'='TRUE')`,
  odd_location: `create external table ${DB}.odd_location (a int) stored as textfile location '/data/oracle_ddl/a b/größe/100%25/p=1/it\\'s\\;x'`,
};

/** After the tables, in this order. */
export const VIEWS: Readonly<Record<string, string>> = {
  view: `create view ${DB}.view as select a, 'it\\'s; x' as b from ${DB}.managed where a > 0`,
  view_columns: `create view ${DB}.view_columns (x comment 'renamed', y) comment 'a view' tblproperties ('k'='v') as select a, a + 1 from ${DB}.managed`,
  view_partitioned: `create view ${DB}.view_partitioned partitioned on (b) as select a, b from ${DB}.acid`,
  view_of_view: `create view ${DB}.view_of_view as select v.x, w.*\n  from ${DB}.view_columns v -- both\n  join ${DB}.view w on v.x = w.a`,
  materialized: `create materialized view ${DB}.materialized disable rewrite comment 'stored' stored as orc as select a from ${DB}.acid where a > 1`,
};
