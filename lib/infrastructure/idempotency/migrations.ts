/** The table of the Postgres adapter, for `libraryMigrations('idempotency')`. Those that were released are never changed. */
export const idempotencyMigrations = [
  {
    name: '0001_records',
    up: `create sequence substation_app.idempotency_fence;
create table substation_app.idempotency_record (
  namespace text collate "C" not null,
  key text collate "C" not null,
  -- Random for each run.
  owner text not null,
  -- SHA-256 of the body, which itself is not kept.
  fingerprint text,
  fence bigint not null,
  state text not null check (state in ('started', 'completed', 'failed')),
  -- JSON as text, since jsonb refuses some JSON and changes the rest.
  result text,
  may_retry boolean not null,
  leased_until timestamptz not null,
  -- Null: a run that crashed is kept until someone resolves or forgets it.
  expires_at timestamptz,
  created_at timestamptz not null default now(),
  primary key (namespace, key)
);
create index idempotency_record_expiry on substation_app.idempotency_record (expires_at) where expires_at is not null;
`,
    down: `drop table substation_app.idempotency_record;
drop sequence substation_app.idempotency_fence;
`,
  },
] as const
