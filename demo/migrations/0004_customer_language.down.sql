alter table shop.customer drop column language;
