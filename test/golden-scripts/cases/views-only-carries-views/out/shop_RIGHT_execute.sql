-- HiveQL of the target for database shop: moves what is asked for

-- table big_orders by SCHEMA_ONLY
CREATE VIEW IF NOT EXISTS `shop`.`big_orders`
AS SELECT `orders`.`id` FROM `shop`.`orders` WHERE `orders`.`amount` > 100;
