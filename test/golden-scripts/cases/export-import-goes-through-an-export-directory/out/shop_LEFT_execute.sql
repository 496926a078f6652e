-- HiveQL of the source for database shop: moves what is asked for

-- table orders by EXPORT_IMPORT
EXPORT TABLE `shop`.`orders` TO 'hdfs://left/apps/hive/warehouse/export_shop/orders';
