-- HiveQL of the target for database shop: moves what is asked for

-- database shop
CREATE DATABASE IF NOT EXISTS `shop`
COMMENT 'it\'s a shop';
ALTER DATABASE `shop` SET LOCATION 'hdfs://right/warehouse/tablespace/external/hive/shop.db';
ALTER DATABASE `shop` SET DBPROPERTIES ('EXTERNAL_TABLES_ONLY'='TRUE');

-- table stock by SQL
DROP TABLE IF EXISTS `shop`.`hms_mirror_shadow_stock`;
CREATE EXTERNAL TABLE `shop`.`hms_mirror_shadow_stock`
(
  `id` bigint,
  `count` int)
ROW FORMAT SERDE
  'org.apache.hadoop.hive.ql.io.orc.OrcSerde'
STORED AS INPUTFORMAT
  'org.apache.hadoop.hive.ql.io.orc.OrcInputFormat'
OUTPUTFORMAT
  'org.apache.hadoop.hive.ql.io.orc.OrcOutputFormat'
LOCATION
  's3a://stage/hms_mirror_working/hiveferry/shop/stock'
TBLPROPERTIES (
  'downgraded_from_acid'='true',
  'hms-mirror_shadow_table'='true',
  'hms-mirror_transfer_table'='true');
CREATE EXTERNAL TABLE `shop`.`stock`
(
  `id` bigint,
  `count` int)
ROW FORMAT SERDE
  'org.apache.hadoop.hive.ql.io.orc.OrcSerde'
STORED AS INPUTFORMAT
  'org.apache.hadoop.hive.ql.io.orc.OrcInputFormat'
OUTPUTFORMAT
  'org.apache.hadoop.hive.ql.io.orc.OrcOutputFormat'
TBLPROPERTIES (
  'downgraded_from_acid'='true',
  'external.table.purge'='true');
SET hive.stats.autogather=false;
SET hive.stats.column.autogather=false;
FROM `shop`.`hms_mirror_shadow_stock` INSERT OVERWRITE TABLE `shop`.`stock` SELECT *;
