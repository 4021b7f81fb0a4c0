/** The table of runs, for `libraryMigrations('scheduler')`. Those that were released are never changed. */
export const schedulerMigrations = [
  {
    name: '0001_runs',
    up: `create table substation_app.schedule_run (
  service text collate "C" not null,
  id text collate "C" not null,
  schedule text collate "C" not null,
  due_at timestamptz not null,
  trigger text not null check (trigger in ('schedule', 'catch-up', 'manual')),
  attempt int not null,
  started_at timestamptz,
  ended_at timestamptz,
  -- Null: it goes on, or its process has crashed and no other one has found that out.
  outcome text check (outcome in ('succeeded', 'failed', 'timed-out', 'aborted', 'lost', 'skipped', 'missed')),
  message text,
  overran boolean not null default false,
  asked_by text,
  process text,
  primary key (service, id)
);
create index schedule_run_newest on substation_app.schedule_run (service, schedule, due_at desc);
create index schedule_run_age on substation_app.schedule_run (due_at);
`,
    down: `drop table substation_app.schedule_run;
`,
  },
] as const
