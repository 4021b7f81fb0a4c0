/** The audit trail of repositories, for `libraryMigrations('audit')`. Those that were released are never changed. */
export const auditMigrations = [
  {
    name: '0001_entity_change',
    up: `create table substation_app.entity_change (
  id bigint generated always as identity primary key,
  entity text collate "C" not null,
  entity_id text collate "C" not null,
  tenant text collate "C",
  action text not null check (action in ('create', 'update', 'remove', 'restore', 'erase')),
  actor text,
  at timestamptz not null default now(),
  -- The row by the names of its columns; null before it was there, and after it was erased.
  before jsonb,
  after jsonb
);
--> statement-breakpoint
create index entity_change_of on substation_app.entity_change (entity, entity_id, id);
--> statement-breakpoint
create index entity_change_at on substation_app.entity_change (at);
--> statement-breakpoint
-- For writers that are no repositories: (entity, id column, tenant column, column of the soft removal, hidden columns by commas).
create function substation_app.note_entity_change() returns trigger
language plpgsql security definer set search_path = '' as $note$
declare
  was jsonb := case when tg_op = 'INSERT' then null else to_jsonb(old) end;
  now_is jsonb := case when tg_op = 'DELETE' then null else to_jsonb(new) end;
  removed text := tg_argv[3];
  hidden text[] := string_to_array(coalesce(tg_argv[4], ''), ',');
begin
  insert into substation_app.entity_change (entity, entity_id, tenant, action, actor, before, after) values (
    tg_argv[0],
    coalesce(now_is, was) ->> tg_argv[1],
    coalesce(now_is, was) ->> tg_argv[2],
    case
      when tg_op = 'INSERT' then 'create'
      when tg_op = 'DELETE' then 'erase'
      when was ->> removed is null and now_is ->> removed is not null then 'remove'
      when was ->> removed is not null and now_is ->> removed is null then 'restore'
      else 'update'
    end,
    nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'sub',
    was - hidden,
    now_is - hidden
  );
  return null;
end $note$;
`,
    down: `drop function substation_app.note_entity_change();
--> statement-breakpoint
drop table substation_app.entity_change;
`,
  },
] as const
