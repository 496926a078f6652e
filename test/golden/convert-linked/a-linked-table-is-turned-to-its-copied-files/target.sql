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

-- convert-link
ALTER TABLE `shop`.`orders` SET LOCATION 'hdfs://right:9020/data/shop/orders';
