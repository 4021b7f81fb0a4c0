-- The orders whose jobs are not in the queues yet are looked for every few seconds.
create index if not exists purchase_waiting on shop.purchase (created_at) where not handed_over;
