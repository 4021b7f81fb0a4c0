create schema if not exists reports;

create table reports.turnover (
  minute timestamptz primary key,
  orders int not null,
  cents int not null
);
