-- create-view
CREATE VIEW IF NOT EXISTS `shop`.`recent`
TBLPROPERTIES (
  'bucketing_version'='2')
AS select `orders`.`id` from `shop`.`orders`;
