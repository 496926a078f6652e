-- HiveQL of the target for database shop: removes working tables and archived ones; run it when the data was moved and checked

-- table stock by SQL
DROP TABLE IF EXISTS `shop`.`hms_mirror_shadow_stock`;
