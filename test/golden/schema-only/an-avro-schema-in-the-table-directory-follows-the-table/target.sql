-- create-table
CREATE EXTERNAL TABLE IF NOT EXISTS `shop`.`orders`
(
  `id` int,
  `name` string)
ROW FORMAT SERDE
  'org.apache.hadoop.hive.serde2.avro.AvroSerDe'
STORED AS INPUTFORMAT
  'org.apache.hadoop.hive.ql.io.avro.AvroContainerInputFormat'
OUTPUTFORMAT
  'org.apache.hadoop.hive.ql.io.avro.AvroContainerOutputFormat'
LOCATION
  'hdfs://right:9020/wh/external/shop.db/orders'
TBLPROPERTIES (
  'avro.schema.url'='hdfs://right:9020/wh/external/shop.db/orders/schema.avsc',
  'bucketing_version'='2',
  'external.table.purge'='false');

-- set-owner
ALTER TABLE `shop`.`orders` SET OWNER USER `ana`;
