-- set-location
ALTER TABLE `shop`.`orders` SET LOCATION 'hdfs://left:8020/new/shop/orders';

-- alter-table
ALTER TABLE `shop`.`orders` SET TBLPROPERTIES (
  'avro.schema.url'='hdfs://left:8020/new/shop/orders/schema.avsc');
