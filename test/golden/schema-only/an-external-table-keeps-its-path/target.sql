-- preflight-drop
DROP TABLE IF EXISTS `hiveferry_preflight`.`p4_shop__orders`;

-- preflight-create
CREATE EXTERNAL TABLE `hiveferry_preflight`.`p4_shop__orders`
(
  `id` bigint COMMENT 'the order',
  `total` decimal(10,2))
COMMENT 'all orders'
ROW FORMAT SERDE
  'org.apache.hadoop.hive.ql.io.orc.OrcSerde'
WITH SERDEPROPERTIES (
  'serialization.format'='1')
STORED AS INPUTFORMAT
  'org.apache.hadoop.hive.ql.io.orc.OrcInputFormat'
OUTPUTFORMAT
  'org.apache.hadoop.hive.ql.io.orc.OrcOutputFormat'
LOCATION
  'hdfs://right:9020/tmp/hiveferry/preflight/p4_shop__orders'
TBLPROPERTIES (
  'bucketing_version'='2',
  'external.table.purge'='false',
  'team'='sales');

-- preflight-drop
DROP TABLE IF EXISTS `hiveferry_preflight`.`p4_shop__orders`;

-- create-table
CREATE EXTERNAL TABLE IF NOT EXISTS `shop`.`orders`
(
  `id` bigint COMMENT 'the order',
  `total` decimal(10,2))
COMMENT 'all orders'
ROW FORMAT SERDE
  'org.apache.hadoop.hive.ql.io.orc.OrcSerde'
WITH SERDEPROPERTIES (
  'serialization.format'='1')
STORED AS INPUTFORMAT
  'org.apache.hadoop.hive.ql.io.orc.OrcInputFormat'
OUTPUTFORMAT
  'org.apache.hadoop.hive.ql.io.orc.OrcOutputFormat'
LOCATION
  'hdfs://right:9020/data/shop/orders'
TBLPROPERTIES (
  'bucketing_version'='2',
  'external.table.purge'='false',
  'team'='sales');

-- set-owner
ALTER TABLE `shop`.`orders` SET OWNER USER `ana`;
