-- HiveQL of the source for database shop: moves what is asked for

-- table stock by SQL
DROP TABLE IF EXISTS `shop`.`hms_mirror_transfer_stock`;
CREATE EXTERNAL TABLE `shop`.`hms_mirror_transfer_stock`
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
  'external.table.purge'='true',
  'hms-mirror_transfer_table'='true');
SET hive.stats.autogather=false;
SET hive.stats.column.autogather=false;
FROM `shop`.`stock` INSERT OVERWRITE TABLE `shop`.`hms_mirror_transfer_stock` SELECT *;
