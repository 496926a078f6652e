-- export-table
EXPORT TABLE `shop`.`orders` TO 'hdfs://right:9020/staging/.hiveferry-attempt_exports/attempt';

-- import-table
IMPORT EXTERNAL TABLE `hiveferry_preflight`.`hiveferry_working_attempt` FROM 'hdfs://right:9020/staging/.hiveferry-attempt_exports/attempt' LOCATION 'hdfs://right:9020/data/shop/.hiveferry-attempt';

-- preflight-drop
DROP TABLE IF EXISTS `hiveferry_preflight`.`p4_shop__orders`;

-- preflight-create
CREATE EXTERNAL TABLE `hiveferry_preflight`.`p4_shop__orders`
(
  `id` int,
  `name` string)
ROW FORMAT SERDE
  'org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe'
WITH SERDEPROPERTIES (
  'serialization.format'='1')
STORED AS INPUTFORMAT
  'org.apache.hadoop.mapred.TextInputFormat'
OUTPUTFORMAT
  'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat'
LOCATION
  'hdfs://right:9020/tmp/hiveferry/preflight/p4_shop__orders'
TBLPROPERTIES (
  'bucketing_version'='2',
  'external.table.purge'='false');

-- preflight-drop
DROP TABLE IF EXISTS `hiveferry_preflight`.`p4_shop__orders`;

-- preflight-drop
DROP TABLE IF EXISTS `hiveferry_preflight`.`sp4_shop__orders`;

-- preflight-source
CREATE EXTERNAL TABLE `hiveferry_preflight`.`sp4_shop__orders`
(
  `line` string)
PARTITIONED BY (
  `hiveferry_probe` string)
ROW FORMAT SERDE
  'org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe'
STORED AS INPUTFORMAT
  'org.apache.hadoop.mapred.TextInputFormat'
OUTPUTFORMAT
  'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat'
LOCATION
  'hdfs://right:9020/staging'
TBLPROPERTIES (
  'bucketing_version'='2',
  'external.table.purge'='false');

-- preflight-source
SELECT 1 FROM `hiveferry_preflight`.`sp4_shop__orders` LIMIT 1;

-- preflight-drop
DROP TABLE IF EXISTS `hiveferry_preflight`.`sp4_shop__orders`;

-- create-table
CREATE EXTERNAL TABLE IF NOT EXISTS `shop`.`orders`
(
  `id` int,
  `name` string)
ROW FORMAT SERDE
  'org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe'
WITH SERDEPROPERTIES (
  'serialization.format'='1')
STORED AS INPUTFORMAT
  'org.apache.hadoop.mapred.TextInputFormat'
OUTPUTFORMAT
  'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat'
LOCATION
  'hdfs://right:9020/data/shop/orders'
TBLPROPERTIES (
  'bucketing_version'='2',
  'external.table.purge'='false');

-- set-owner
ALTER TABLE `shop`.`orders` SET OWNER USER `ana`;
