-- HiveQL of the target for database shop: moves what is asked for

-- database shop
CREATE DATABASE IF NOT EXISTS `shop`
COMMENT 'it\'s a shop';
ALTER DATABASE `shop` SET LOCATION 'hdfs://right/warehouse/tablespace/external/hive/shop.db';
ALTER DATABASE `shop` SET DBPROPERTIES ('EXTERNAL_TABLES_ONLY'='TRUE');

-- table customers by SCHEMA_ONLY
DROP TABLE IF EXISTS `shop`.`customers`;
CREATE TABLE `shop`.`customers`
(
  `id` bigint,
  `name` string)
ROW FORMAT SERDE
  'org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe'
WITH SERDEPROPERTIES (
  'field.delim'='|',
  'serialization.format'='|')
STORED AS INPUTFORMAT
  'org.apache.hadoop.mapred.TextInputFormat'
OUTPUTFORMAT
  'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat'
LOCATION
  'hdfs://right/warehouse/tablespace/external/hive/shop.db/customers';

-- table gone by SCHEMA_ONLY
DROP TABLE IF EXISTS `shop`.`gone`;

-- table orders by SCHEMA_ONLY
CREATE EXTERNAL TABLE `shop`.`orders`
(
  `id` bigint COMMENT 'number\; of the order',
  `amount` decimal(10,2))
PARTITIONED BY (
  `day` string)
ROW FORMAT SERDE
  'org.apache.hadoop.hive.ql.io.orc.OrcSerde'
STORED AS INPUTFORMAT
  'org.apache.hadoop.hive.ql.io.orc.OrcInputFormat'
OUTPUTFORMAT
  'org.apache.hadoop.hive.ql.io.orc.OrcOutputFormat'
LOCATION
  'hdfs://right/warehouse/tablespace/external/hive/shop.db/orders'
TBLPROPERTIES (
  'bucketing_version'='2',
  'discover.partitions'='true');
MSCK REPAIR TABLE `shop`.`orders`;
