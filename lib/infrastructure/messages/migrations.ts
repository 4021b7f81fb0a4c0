/** The tables of messages, for `libraryMigrations('messages')`. Those that were released are never changed. */
export const messagesMigrations = [
  {
    name: '0001_messages',
    up: `create table substation_app.message (
  id text collate "C" primary key,
  channel text collate "C" not null,
  recipients jsonb not null,
  -- Normalised addresses and what else it is found by.
  recipient_keys jsonb not null,
  title text,
  template text,
  status text collate "C" not null check (status in ('queued', 'scheduled', 'sending', 'sent', 'delivered', 'bounced', 'complained',
    'failed', 'cancelled', 'suppressed')),
  provider text collate "C",
  provider_message_id text collate "C",
  notification_id text collate "C",
  batch_id text collate "C",
  idempotency_key text collate "C",
  -- What is needed to send it again.
  content jsonb not null,
  scheduled_for timestamptz,
  -- While a process sends what it has claimed.
  held_until timestamptz,
  created_at timestamptz not null default clock_timestamp(),
  updated_at timestamptz not null default clock_timestamp(),
  attempts int not null default 0,
  last_error text
);
create unique index message_key on substation_app.message (channel, idempotency_key) where idempotency_key is not null;
create index message_provider_id on substation_app.message (provider_message_id, provider) where provider_message_id is not null;
create index message_recipient on substation_app.message using gin (recipient_keys jsonb_path_ops);
create index message_due on substation_app.message (channel, scheduled_for) where status in ('scheduled', 'sending');
create index message_status on substation_app.message (status, id);
create index message_created on substation_app.message (created_at);
create index message_batch on substation_app.message (batch_id, id) where batch_id is not null;
create index message_notification on substation_app.message (notification_id, id) where notification_id is not null;
create table substation_app.message_event (
  id text collate "C" primary key,
  message_id text collate "C" not null references substation_app.message on delete cascade,
  at timestamptz not null default clock_timestamp(),
  kind text collate "C" not null check (kind in ('queued', 'attempt', 'accepted', 'deferred', 'delivered', 'bounced', 'complained',
    'opened', 'clicked', 'unsubscribed', 'failed', 'cancelled', 'suppressed', 'resent')),
  provider text collate "C",
  detail jsonb not null,
  vendor_event_id text collate "C"
);
create index message_event_message on substation_app.message_event (message_id, at, id);
create unique index message_event_vendor on substation_app.message_event (provider, vendor_event_id) where vendor_event_id is not null;
create table substation_app.message_suppression (
  channel text collate "C" not null,
  address text collate "C" not null,
  reason text collate "C" not null check (reason in ('bounce', 'complaint', 'unsubscribe', 'manual')),
  since timestamptz not null default clock_timestamp(),
  by text,
  note text,
  primary key (channel, address)
);
create index message_suppression_since on substation_app.message_suppression (since, channel, address);
`,
    down: `drop table substation_app.message_suppression, substation_app.message_event, substation_app.message;
`,
  },
] as const
