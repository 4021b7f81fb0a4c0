/** The tables of notifications, for `libraryMigrations('notifications')`. Those that were released are never changed. */
export const notificationsMigrations = [
  {
    name: '0001_notifications',
    up: `create table substation_app.notification (
  id text collate "C" primary key,
  recipient text collate "C" not null,
  type text collate "C" not null,
  state text not null check (state in ('waiting', 'sending', 'sent', 'delivered', 'failed', 'cancelled')),
  batch text collate "C",
  -- While it collects, later ones of the same recipient and key are added to it.
  digest_key text collate "C",
  -- JSON as text, each one a message that was collected.
  items text[] not null default '{}',
  -- JSON as text: the message, where it goes, what was sent.
  record text not null,
  -- Null: nothing is to be done.
  due_at timestamptz,
  -- Until then its job is expected to run: it is added to the queue again afterwards.
  queued_until timestamptz,
  cancel_asked boolean not null default false,
  fence bigint not null default 0,
  held_until timestamptz,
  created_at timestamptz not null default clock_timestamp(),
  ended_at timestamptz
);
create index notification_due on substation_app.notification (due_at) where due_at is not null;
create unique index notification_digest on substation_app.notification (recipient, digest_key) where digest_key is not null;
create index notification_recipient on substation_app.notification (recipient, id);
create index notification_batch on substation_app.notification (batch, id) where batch is not null;
create index notification_ended on substation_app.notification (ended_at) where ended_at is not null;

-- Who has notified of what lately, so that it is not said twice.
create table substation_app.notification_key (
  recipient text collate "C" not null,
  key text collate "C" not null,
  notification text collate "C" not null,
  until timestamptz not null,
  primary key (recipient, key)
);
create index notification_key_until on substation_app.notification_key (until);

create table substation_app.notification_preference (
  recipient text collate "C" primary key,
  -- JSON.
  preferences text not null,
  updated_at timestamptz not null default clock_timestamp()
);

create table substation_app.notification_inbox (
  id text collate "C" primary key,
  recipient text collate "C" not null,
  key text collate "C" not null,
  -- JSON: title, text, URL, data.
  content text not null,
  added_at timestamptz not null default clock_timestamp(),
  read_at timestamptz,
  archived_at timestamptz
);
create unique index notification_inbox_key on substation_app.notification_inbox (recipient, key);
create index notification_inbox_list on substation_app.notification_inbox (recipient, id) where archived_at is null;
create index notification_inbox_archived on substation_app.notification_inbox (recipient, id) where archived_at is not null;
create index notification_inbox_added on substation_app.notification_inbox (added_at);
`,
    down: `drop table substation_app.notification_inbox;
drop table substation_app.notification_preference;
drop table substation_app.notification_key;
drop table substation_app.notification;
`,
  },
] as const
