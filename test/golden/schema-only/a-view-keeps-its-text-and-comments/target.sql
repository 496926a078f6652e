-- create-view
CREATE VIEW IF NOT EXISTS `shop`.`big_orders`
(
  `id` COMMENT 'the order',
  `name`)
COMMENT 'orders worth a look'
AS select `o`.`id`, `o`.`name` from `shop`.`orders` `o` join `crm`.`customers` on `o`.`id` = `customers`.`id` where `o`.`note` = 'from `x`.`y`';
