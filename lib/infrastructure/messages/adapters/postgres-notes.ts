import type { NoteOutcome } from '../port.ts'
import { RANK, statusOf } from '../status.ts'
import type { MessageStore } from '../store.ts'
import { json, type Queries } from './postgres-rows.ts'

interface Noted {
  message: string | null
  status: keyof typeof RANK | null
  /** Its event was added: the vendor's event was not known. */
  added: boolean
}

/** Adds the events of all notes and moves each message once, by the most that its notes say, in one statement. */
export function postgresNotes(run: Queries): Pick<MessageStore, 'note'> {
  return {
    async note(notes, transaction) {
      const given = notes.map(({ message, ...note }, n) => {
        const status = statusOf(note.kind)
        return {
          ...note,
          n,
          ...('id' in message
            ? { message: message.id }
            : { byProvider: message.provider, byId: message.providerMessageId }),
          ...(status ? { status, rank: RANK[status] } : { rank: -1 }),
        }
      })
      const rows = await run(
        sql => sql<Noted[]>`
          with given as (
            select * from jsonb_to_recordset(${json(sql, given)}) as g (n int, id text, message text, "byProvider" text, "byId" text,
              kind text, at float8, provider text, "providerMessageId" text, detail jsonb, "vendorEventId" text, error text, status text, rank int)
          ), named as (
            select g.*, m.id as message_id from given g join substation_app.message m on m.id = g.message
            union all
            select g.*, m.id from given g
              join substation_app.message m on m.provider_message_id = g."byId" and m.provider = g."byProvider"
          ), held as materialized (
            -- In one order everywhere, or two batches of webhooks would wait for each other.
            select m.id as message_id, m.status as former from substation_app.message m
            where m.id in (select message_id from named) order by m.id for no key update
          ), found as (
            select * from named join held using (message_id)
          ), added as (
            insert into substation_app.message_event (id, message_id, at, kind, provider, detail, vendor_event_id)
            select id, message_id, coalesce(to_timestamp(at / 1000), clock_timestamp()), kind, provider, detail, "vendorEventId"
            from found order by n
            on conflict (provider, vendor_event_id) where vendor_event_id is not null do nothing
            returning id
          ), told as (
            select message_id, max(rank) as rank, (array_agg(status order by rank desc))[1] as status,
              (count(*) filter (where kind = 'attempt'))::int as attempts,
              (array_agg(provider order by n desc) filter (where provider is not null and kind in ('attempt', 'accepted')))[1] as provider,
              (array_agg("providerMessageId" order by n desc) filter (where "providerMessageId" is not null))[1] as provider_message_id,
              (array_agg(error order by n desc) filter (where error is not null))[1] as error
            from found join added using (id) group by message_id
          ), moved as (
            update substation_app.message m set updated_at = clock_timestamp(),
              status = case when t.rank > (${json(sql, RANK)} ->> m.status)::int then t.status else m.status end,
              held_until = case when t.rank > (${json(sql, RANK)} ->> m.status)::int then null else m.held_until end,
              attempts = m.attempts + t.attempts,
              provider = coalesce(t.provider, m.provider),
              provider_message_id = coalesce(t.provider_message_id, m.provider_message_id),
              last_error = coalesce(t.error, m.last_error)
            from told t where m.id = t.message_id returning m.id, m.status
          )
          select f.message_id as message, coalesce(moved.status, f.former) as status, added.id is not null as added
          from given g left join found f on f.id = g.id left join added on added.id = g.id left join moved on moved.id = f.message_id
          order by g.n`,
        transaction,
      )
      return rows.map(
        ({ message, status, added }): NoteOutcome =>
          message === null || status === null
            ? { outcome: 'unknown' }
            : { outcome: added ? 'noted' : 'duplicate', id: message, status },
      )
    },
  }
}
