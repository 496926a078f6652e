-- HiveQL of the target for database shop: takes back what its execute file did, for as long as no clean-up was run
-- RIGHT first, then LEFT. Definitions are as they were before; files stay where they are.
-- After a run that stopped half-way, go on over errors (beeline --force=true): what was not done needs no way back.

-- table orders
DROP TABLE IF EXISTS `shop`.`orders`;

-- database shop
DROP DATABASE IF EXISTS `shop` RESTRICT;
