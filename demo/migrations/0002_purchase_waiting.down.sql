drop index shop.purchase_waiting;
