-- HiveQL of the source for database shop: takes back what its execute file did, for as long as no clean-up was run
-- RIGHT first, then LEFT. Definitions are as they were before; files stay where they are.
-- After a run that stopped half-way, go on over errors (beeline --force=true): what was not done needs no way back.

-- table customers
ALTER TABLE `shop`.`customers` SET LOCATION 'hdfs://left/warehouse/tablespace/external/hive/shop.db/customers';

-- table orders
ALTER TABLE `shop`.`orders` PARTITION (`day`='2026-01-02 10:00') SET LOCATION 'hdfs://left/data/late/orders/day=2026-01-02 10%3A00';
ALTER TABLE `shop`.`orders` PARTITION (`day`='2026-01-01') SET LOCATION 'hdfs://left/warehouse/tablespace/external/hive/shop.db/orders/day=2026-01-01';
ALTER TABLE `shop`.`orders` SET LOCATION 'hdfs://left/warehouse/tablespace/external/hive/shop.db/orders';

-- database shop
-- no way back of ALTER DATABASE `shop` SET MANAGEDLOCATION 'ofs://ozone/vol1/managed/shop.db': Hive cannot unset what was not set before
ALTER DATABASE `shop` SET LOCATION 'hdfs://left/warehouse/tablespace/external/hive/shop.db';
