/** The table of sagas, for `libraryMigrations('saga')`. Those that were released are never changed. */
export const sagaMigrations = [
  {
    name: '0001_saga',
    up: `create table substation_app.saga (
  id text collate "C" primary key,
  saga text collate "C" not null,
  key text,
  state text not null check (state in ('running', 'completed', 'compensating', 'compensated', 'failed')),
  -- JSON as text: input, steps with their results, the last error, what people did.
  record text not null,
  -- Null: nothing is to be done.
  due_at timestamptz,
  -- JSON: what a person has asked for and no process has done yet.
  asked text,
  fence bigint not null default 0,
  held_until timestamptz,
  started_at timestamptz not null default clock_timestamp(),
  ended_at timestamptz
);
create unique index saga_key on substation_app.saga (saga, key) where key is not null;
create index saga_due on substation_app.saga (due_at) where due_at is not null;
create index saga_state on substation_app.saga (saga, state, id);
create index saga_ended on substation_app.saga (ended_at) where ended_at is not null;
`,
    down: `drop table substation_app.saga;
`,
  },
] as const
