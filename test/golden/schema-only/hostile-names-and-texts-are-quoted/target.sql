-- preflight-drop
DROP TABLE IF EXISTS `hiveferry_preflight`.`p6_select__or``der`;

-- preflight-create
CREATE EXTERNAL TABLE `hiveferry_preflight`.`p6_select__or``der`
(
  `from` string COMMENT 'it\'s\; a \\ test',
  `group` struct<`x`:int,`y`:string>)
COMMENT 'two\nlines and \044{hiveconf:secret}'
ROW FORMAT SERDE
  'org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe'
WITH SERDEPROPERTIES (
  'field.delim'='\001',
  'line.delim'='\n')
STORED AS INPUTFORMAT
  'org.apache.hadoop.mapred.TextInputFormat'
OUTPUTFORMAT
  'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat'
LOCATION
  'hdfs://right:9020/tmp/hiveferry/preflight/p6_select__or`der'
TBLPROPERTIES (
  'bucketing_version'='2',
  'external.table.purge'='false',
  'k\'1'='v\;"2"');

-- preflight-drop
DROP TABLE IF EXISTS `hiveferry_preflight`.`p6_select__or``der`;

-- create-table
CREATE EXTERNAL TABLE IF NOT EXISTS `select`.`or``der`
(
  `from` string COMMENT 'it\'s\; a \\ test',
  `group` struct<`x`:int,`y`:string>)
COMMENT 'two\nlines and \044{hiveconf:secret}'
ROW FORMAT SERDE
  'org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe'
WITH SERDEPROPERTIES (
  'field.delim'='\001',
  'line.delim'='\n')
STORED AS INPUTFORMAT
  'org.apache.hadoop.mapred.TextInputFormat'
OUTPUTFORMAT
  'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat'
LOCATION
  'hdfs://right:9020/data/odd [a] {b}/it\'s $x'
TBLPROPERTIES (
  'bucketing_version'='2',
  'external.table.purge'='false',
  'k\'1'='v\;"2"');

-- set-owner
ALTER TABLE `select`.`or``der` SET OWNER USER `ana`;
