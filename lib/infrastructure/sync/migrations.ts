/** The tables of syncs, for `libraryMigrations('sync')`. Those that were released are never changed. */
export const syncMigrations = [
  {
    name: '0001_sync',
    up: `create table substation_app.sync (
  name text collate "C" primary key,
  -- JSON: mark, interrupted pass, last outcome.
  state text,
  fence bigint not null default 0,
  held_until timestamptz
);
create table substation_app.sync_item (
  sync text collate "C" not null,
  id text collate "C" not null,
  version text collate "C" not null,
  -- The last pass that brought it.
  pass text collate "C",
  removed boolean not null default false,
  primary key (sync, id)
);
`,
    down: `drop table substation_app.sync_item;
drop table substation_app.sync;
`,
  },
] as const
