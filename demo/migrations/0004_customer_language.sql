-- In which language to write to a customer. Filled from the country; whoever moved may say otherwise.
alter table shop.customer add column language text;

update shop.customer
set language = case country when 'NL' then 'nl' when 'DE' then 'de' when 'FR' then 'fr' when 'PL' then 'pl' else 'en' end;

do $$
declare
  filled record;
begin
  for filled in select language, count(*) as customers from shop.customer group by language order by language loop
    raise notice '% customers are written to in %', filled.customers, filled.language;
  end loop;
end $$;

alter table shop.customer alter column language set default 'en';
