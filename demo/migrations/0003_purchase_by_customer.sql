-- For the orders of one customer. Built while orders come in, so it cannot be part of a transaction.
create index concurrently purchase_by_customer on shop.purchase (customer, created_at);
