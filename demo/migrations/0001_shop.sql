-- Everything the shop stands on. There is no way back from it on purpose: that would throw the orders away.
create schema if not exists shop;

create table if not exists shop.product (
  id int primary key,
  name text not null,
  category text not null,
  price int not null
);
create index if not exists product_category on shop.product (category);

create table if not exists shop.customer (
  id int primary key,
  mailbox text not null,
  country text not null,
  card text not null
);

create table if not exists shop.purchase (
  id text primary key,
  product int not null references shop.product,
  customer int not null references shop.customer,
  amount int not null,
  status text not null,
  handed_over boolean not null default false,
  created_at timestamptz not null default now()
);
