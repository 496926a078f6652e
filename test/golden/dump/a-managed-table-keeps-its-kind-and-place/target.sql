-- create-table
CREATE TABLE IF NOT EXISTS `shop`.`orders`
(
  `id` int,
  `name` string)
COMMENT 'what they\'ve ordered'
PARTITIONED BY (
  `dt` string)
ROW FORMAT SERDE
  'org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe'
WITH SERDEPROPERTIES (
  'serialization.format'='1')
STORED AS INPUTFORMAT
  'org.apache.hadoop.mapred.TextInputFormat'
OUTPUTFORMAT
  'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat'
LOCATION
  'hdfs://left:8020/warehouse/managed/shop.db/orders'
TBLPROPERTIES (
  'team'='shop');
