-- HiveQL of the source for database shop: moves what is asked for

-- database shop
ALTER DATABASE `shop` SET LOCATION 'ofs://ozone/vol1/external/shop.db';
ALTER DATABASE `shop` SET MANAGEDLOCATION 'ofs://ozone/vol1/managed/shop.db';

-- table customers by STORAGE_MIGRATION
ALTER TABLE `shop`.`customers` SET LOCATION 'ofs://ozone/vol1/managed/shop.db/customers';

-- table orders by STORAGE_MIGRATION
ALTER TABLE `shop`.`orders` SET LOCATION 'ofs://ozone/vol1/external/shop.db/orders';
ALTER TABLE `shop`.`orders` PARTITION (`day`='2026-01-01') SET LOCATION 'ofs://ozone/vol1/external/shop.db/orders/day=2026-01-01';
ALTER TABLE `shop`.`orders` PARTITION (`day`='2026-01-02 10:00') SET LOCATION 'ofs://ozone/vol1/external/shop.db/orders/day=2026-01-02 10%3A00';
