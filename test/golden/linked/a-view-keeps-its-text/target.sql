-- create-view
CREATE VIEW IF NOT EXISTS `shop`.`orders`
AS select `orders`.`id` from `shop`.`orders`;
