-- HiveQL of the target for database shop: moves what is asked for

-- database shop
CREATE DATABASE IF NOT EXISTS `shop`
COMMENT 'it\'s a shop';
ALTER DATABASE `shop` SET LOCATION 'hdfs://right/warehouse/tablespace/external/hive/shop.db';
ALTER DATABASE `shop` SET DBPROPERTIES ('EXTERNAL_TABLES_ONLY'='TRUE');

-- table orders by EXPORT_IMPORT
IMPORT EXTERNAL TABLE `shop`.`orders` FROM 'hdfs://left/apps/hive/warehouse/export_shop/orders' LOCATION 'hdfs://right/warehouse/tablespace/external/hive/shop.db/orders';
