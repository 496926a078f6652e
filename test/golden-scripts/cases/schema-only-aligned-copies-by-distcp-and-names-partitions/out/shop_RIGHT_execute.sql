-- HiveQL of the target for database shop: moves what is asked for

-- database shop
CREATE DATABASE IF NOT EXISTS `shop`
COMMENT 'it\'s a shop';
ALTER DATABASE `shop` SET LOCATION 's3a://Lake/lake/external/shop.db';
ALTER DATABASE `shop` SET MANAGEDLOCATION 's3a://Lake/lake/managed/shop.db';
ALTER DATABASE `shop` SET DBPROPERTIES ('EXTERNAL_TABLES_ONLY'='TRUE');
ALTER DATABASE `shop` SET OWNER USER `ana`;

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
  's3a://Lake/lake/external/shop.db/orders'
TBLPROPERTIES (
  'bucketing_version'='2',
  'discover.partitions'='true');
ALTER TABLE `shop`.`orders` SET OWNER USER `ana`;
ALTER TABLE `shop`.`orders` ADD IF NOT EXISTS
  PARTITION (`day`='2026-01-01') LOCATION 's3a://Lake/lake/external/shop.db/orders/day=2026-01-01'
  PARTITION (`day`='2026-01-02 10:00') LOCATION 's3a://Lake/lake/external/shop.db/orders/day=2026-01-02 10%3A00';
