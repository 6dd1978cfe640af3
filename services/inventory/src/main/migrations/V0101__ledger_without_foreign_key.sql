-- The check of this key was half of what a row of the ledger cost, and it can find nothing: a row is written in the
-- transaction that has locked and changed the stock it is about.
alter table stock_ledger drop constraint stock_ledger_sku_fkey;
