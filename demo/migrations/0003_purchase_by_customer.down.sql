drop index concurrently shop.purchase_by_customer;
