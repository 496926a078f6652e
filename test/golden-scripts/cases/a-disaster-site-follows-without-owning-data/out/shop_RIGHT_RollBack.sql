-- HiveQL of the target for database shop: takes back what its execute file did, for as long as no clean-up was run
-- RIGHT first, then LEFT. Definitions are as they were before; files stay where they are.
-- After a run that stopped half-way, go on over errors (beeline --force=true): what was not done needs no way back.

-- table customers
ALTER TABLE `shop`.`customers` SET TBLPROPERTIES (
  'EXTERNAL'='TRUE',
  'external.table.purge'='false');
DROP TABLE IF EXISTS `shop`.`customers`;
CREATE EXTERNAL TABLE IF NOT EXISTS `shop`.`customers`
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

-- table gone
CREATE EXTERNAL TABLE IF NOT EXISTS `shop`.`gone`
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

-- table orders
DROP TABLE IF EXISTS `shop`.`orders`;

-- database shop
DROP DATABASE IF EXISTS `shop` RESTRICT;
