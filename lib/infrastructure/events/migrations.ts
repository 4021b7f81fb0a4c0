/** The table of the outbox, for `libraryMigrations('events')`. Those that were released are never changed. */
export const eventsMigrations = [
  {
    name: '0001_outbox',
    up: `create table substation_app.event_outbox (
  position bigint generated always as identity primary key,
  id text collate "C" not null,
  type text collate "C" not null,
  version int not null,
  -- JSON as text, since jsonb refuses some JSON and changes the rest.
  data text not null,
  key text,
  source text not null,
  correlation_id text not null,
  causation_id text,
  published_at timestamptz not null,
  -- Null: not sent yet.
  sent_at timestamptz
);
create index event_outbox_pending on substation_app.event_outbox (position) where sent_at is null;
create index event_outbox_published on substation_app.event_outbox (published_at);
create index event_outbox_sent on substation_app.event_outbox (sent_at) where sent_at is not null;
`,
    down: `drop table substation_app.event_outbox;
`,
  },
] as const
