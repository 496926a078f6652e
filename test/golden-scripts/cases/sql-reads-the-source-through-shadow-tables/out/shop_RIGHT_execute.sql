-- HiveQL of the target for database shop: moves what is asked for

-- database shop
CREATE DATABASE IF NOT EXISTS `shop`
COMMENT 'it\'s a shop';
ALTER DATABASE `shop` SET LOCATION 'hdfs://right/warehouse/tablespace/external/hive/shop.db';
ALTER DATABASE `shop` SET DBPROPERTIES ('EXTERNAL_TABLES_ONLY'='TRUE');

-- table orders by SQL
DROP TABLE IF EXISTS `shop`.`hms_mirror_shadow_orders`;
CREATE EXTERNAL TABLE `shop`.`hms_mirror_shadow_orders`
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
  'hdfs://left/warehouse/tablespace/external/hive/shop.db/orders'
TBLPROPERTIES (
  'bucketing_version'='2',
  'discover.partitions'='true',
  'hms-mirror_shadow_table'='true');
MSCK REPAIR TABLE `shop`.`hms_mirror_shadow_orders`;
ALTER TABLE `shop`.`hms_mirror_shadow_orders` ADD IF NOT EXISTS
  PARTITION (`day`='2026-01-02 10:00') LOCATION 'hdfs://left/data/late/orders/day=2026-01-02 10%3A00';
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
SET tez.queue.name=etl;
SET hive.stats.autogather=false;
SET hive.stats.column.autogather=false;
SET hive.optimize.sort.dynamic.partition=false;
SET hive.optimize.sort.dynamic.partition.threshold=-1;
FROM `shop`.`hms_mirror_shadow_orders` INSERT OVERWRITE TABLE `shop`.`orders` PARTITION (`day`) SELECT * DISTRIBUTE BY `day`;
