-- preflight-drop
DROP TABLE IF EXISTS `hiveferry_preflight`.`p4_shop__orders`;

-- preflight-create
CREATE EXTERNAL TABLE `hiveferry_preflight`.`p4_shop__orders`
(
  `id` int,
  `name` string)
ROW FORMAT SERDE
  'org.apache.hadoop.hive.ql.io.orc.OrcSerde'
WITH SERDEPROPERTIES (
  'serialization.format'='1')
STORED AS INPUTFORMAT
  'org.apache.hadoop.hive.ql.io.orc.OrcInputFormat'
OUTPUTFORMAT
  'org.apache.hadoop.hive.ql.io.orc.OrcOutputFormat'
LOCATION
  's3a://lake/tmp/hiveferry/preflight/p4_shop__orders'
TBLPROPERTIES (
  'bucketing_version'='2',
  'external.table.purge'='false');

-- preflight-drop
DROP TABLE IF EXISTS `hiveferry_preflight`.`p4_shop__orders`;

-- set-location
ALTER TABLE `shop`.`orders` SET LOCATION 's3a://lake/data/shop/orders';
