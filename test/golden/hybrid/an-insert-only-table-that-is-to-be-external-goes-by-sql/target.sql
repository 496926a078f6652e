-- create-transfer
CREATE EXTERNAL TABLE IF NOT EXISTS `hiveferry_transfer`.`hiveferry_transfer_attempt`
(
  `id` int,
  `name` string)
ROW FORMAT SERDE
  'org.apache.hadoop.hive.ql.io.orc.OrcSerde'
STORED AS INPUTFORMAT
  'org.apache.hadoop.hive.ql.io.orc.OrcInputFormat'
OUTPUTFORMAT
  'org.apache.hadoop.hive.ql.io.orc.OrcOutputFormat'
LOCATION
  'hdfs://left:8020/warehouse/external/.hiveferry-attempt'
TBLPROPERTIES (
  'bucketing_version'='2',
  'external.table.purge'='false');

-- transfer-rows
FROM `shop`.`orders` INSERT OVERWRITE TABLE `hiveferry_transfer`.`hiveferry_transfer_attempt` SELECT *;

-- create-shadow
CREATE EXTERNAL TABLE IF NOT EXISTS `hiveferry_preflight`.`hiveferry_shadow_attempt`
(
  `id` int,
  `name` string)
ROW FORMAT SERDE
  'org.apache.hadoop.hive.ql.io.orc.OrcSerde'
STORED AS INPUTFORMAT
  'org.apache.hadoop.hive.ql.io.orc.OrcInputFormat'
OUTPUTFORMAT
  'org.apache.hadoop.hive.ql.io.orc.OrcOutputFormat'
LOCATION
  'hdfs://left:8020/warehouse/external/.hiveferry-attempt'
TBLPROPERTIES (
  'bucketing_version'='2',
  'external.table.purge'='false');

-- create-working
CREATE EXTERNAL TABLE IF NOT EXISTS `hiveferry_preflight`.`hiveferry_working_attempt`
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
  'hdfs://right:9020/data/shop/.hiveferry-attempt'
TBLPROPERTIES (
  'bucketing_version'='2',
  'external.table.purge'='false');

-- insert-rows
FROM `hiveferry_preflight`.`hiveferry_shadow_attempt` INSERT OVERWRITE TABLE `hiveferry_preflight`.`hiveferry_working_attempt` SELECT *;

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
  `id` int,
  `name` string)
PARTITIONED BY (
  `hiveferry_probe` string)
ROW FORMAT SERDE
  'org.apache.hadoop.hive.ql.io.orc.OrcSerde'
STORED AS INPUTFORMAT
  'org.apache.hadoop.hive.ql.io.orc.OrcInputFormat'
OUTPUTFORMAT
  'org.apache.hadoop.hive.ql.io.orc.OrcOutputFormat'
LOCATION
  'hdfs://left:8020/warehouse/external'
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
