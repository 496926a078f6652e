-- HiveQL of the source for database shop: moves what is asked for

-- database shop
CREATE DATABASE IF NOT EXISTS `shop`;

-- table customers by DUMP
CREATE EXTERNAL TABLE `shop`.`customers`
(
  `id` bigint)
ROW FORMAT SERDE
  'org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe'
STORED AS INPUTFORMAT
  'org.apache.hadoop.mapred.TextInputFormat'
OUTPUTFORMAT
  'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat'
LOCATION
  'hdfs://right/warehouse/tablespace/external/hive/shop.db/customers';

-- table gone by DUMP
CREATE EXTERNAL TABLE `shop`.`gone`
(
  `id` bigint)
ROW FORMAT SERDE
  'org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe'
STORED AS INPUTFORMAT
  'org.apache.hadoop.mapred.TextInputFormat'
OUTPUTFORMAT
  'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat'
LOCATION
  'hdfs://right/warehouse/tablespace/external/hive/shop.db/gone'
TBLPROPERTIES (
  'bucketing_version'='2');
