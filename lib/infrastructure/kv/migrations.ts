/** The tables of the Postgres adapter, for `libraryMigrations('kv')`. Those that were released are never changed. */
export const kvMigrations = [
  {
    name: '0001_entries_and_locks',
    up: `-- Values and lists, one row a key. A value is JSON as text, since jsonb refuses some JSON and changes the rest.
create sequence substation_app.kv_version;
create table substation_app.kv_entry (
  namespace text collate "C" not null,
  key text collate "C" not null,
  value text,
  items text[],
  version bigint not null,
  expires_at timestamptz,
  primary key (namespace, key),
  check ((value is null) <> (items is null))
);
create index kv_entry_expiry on substation_app.kv_entry (expires_at) where expires_at is not null;

-- A lock keeps its row after its release, so that a fence is never given twice; removeExpired takes old ones.
create sequence substation_app.kv_fence;
create table substation_app.kv_lock (
  namespace text collate "C" not null,
  name text collate "C" not null,
  fence bigint not null,
  expires_at timestamptz not null,
  primary key (namespace, name)
);
create index kv_lock_expiry on substation_app.kv_lock (expires_at);
`,
    down: `drop table substation_app.kv_lock;
drop sequence substation_app.kv_fence;
drop table substation_app.kv_entry;
drop sequence substation_app.kv_version;
`,
  },
] as const
