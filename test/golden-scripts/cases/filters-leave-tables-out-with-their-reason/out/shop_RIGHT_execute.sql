-- HiveQL of the target for database shop: moves what is asked for

-- database test_shop
CREATE DATABASE IF NOT EXISTS `test_shop`
COMMENT 'it\'s a shop';
ALTER DATABASE `test_shop` SET LOCATION 'hdfs://right/warehouse/tablespace/external/hive/test_shop.db';
ALTER DATABASE `test_shop` SET DBPROPERTIES ('EXTERNAL_TABLES_ONLY'='TRUE');
