import type { Sql } from 'postgres'
import { newId } from '../../../core/ids.ts'
import { parseJson, storable } from '../../../core/json.ts'
import type { PostgresAccess } from '../../kv/index.ts'
import type { Content } from '../channel.ts'
import { INBOX_ACTS, type Inbox, type InboxChange, type InboxEntry, type InboxSelection } from '../inbox.ts'
import { InboxWatchers } from '../inbox-watchers.ts'
import { asStored, type Run, removedOlder } from './postgres-run.ts'

/** Of Postgres, for LISTEN. */
const CHANNEL = 'substation_inbox'
/** Ids in one message: the payload of NOTIFY is less than 8,000 bytes. */
const TOLD = 100

interface Row {
  id: string
  content: string
  added_at: number
  read_at: number | null
  archived_at: number | null
}

const COLUMNS = { readAt: 'read_at', archivedAt: 'archived_at' } as const

/** In one table of the service's database; changes are heard by all processes with LISTEN, on one connection each. */
export function postgresInbox(access: PostgresAccess): Inbox {
  const run: Run = query => asStored(() => access.run(query))
  const watchers = new InboxWatchers()
  let listening: Promise<{ unlisten(): Promise<void> }> | undefined

  function listen() {
    let connected = false
    listening ??= asStored(() =>
      access.sql.listen(
        CHANNEL,
        text => {
          const { recipient, ...change } = (parseJson(text) ?? {}) as InboxChange & { recipient?: string }
          if (recipient !== undefined) watchers.tell(recipient, change)
        },
        () => {
          if (connected) watchers.tellAll({ kind: 'missed' })
          connected = true
        },
      ),
    )
    // A connection that failed is not kept: the next watcher tries again.
    listening.catch(() => {
      listening = undefined
    })
    return listening
  }

  const act = (name: keyof typeof INBOX_ACTS) => async (recipient: string, selection: InboxSelection) => {
    if (selection.length === 0) return 0
    const { kind, column: field, set } = INBOX_ACTS[name]
    const column = COLUMNS[field]
    return run(async sql => {
      const changed = await sql<{ id: string }[]>`
        update substation_app.notification_inbox set ${sql(column)} = ${set ? sql`clock_timestamp()` : sql`null`}
        where recipient = ${recipient} and ${sql(column)} is ${set ? sql`null` : sql`not null`}
          ${selection === 'all' ? sql`` : sql`and id in ${sql([...selection])}`}
        returning id`
      for (let at = 0; at < changed.length; at += TOLD)
        await tell(sql, recipient, { kind, ids: changed.slice(at, at + TOLD).map(({ id }) => id) })
      return changed.length
    })
  }

  async function add(recipient: string, content: Content, key: string): Promise<string> {
    const { title, text, url, data } = content
    const [row] = await run(
      sql => sql<{ id: string }[]>`
        with added as (
          insert into substation_app.notification_inbox (id, recipient, key, content)
          values (${newId()}, ${recipient}, ${key}, ${JSON.stringify(storable({ title, text, url, data }))})
          on conflict (recipient, key) do nothing returning id
        ), told as (
          select pg_notify(${CHANNEL}, json_build_object('recipient', ${recipient}::text, 'kind', 'added', 'id', id)::text)
          from added
        )
        select id from added, told
        union all
        select id from substation_app.notification_inbox where recipient = ${recipient} and key = ${key}`,
    )
    // Neither added nor there: another process is adding it at this moment.
    return row ? row.id : add(recipient, content, key)
  }

  return {
    add,
    async list(recipient, { archived = false, unread = false, before, limit = 50 } = {}) {
      const rows = await run(
        sql => sql<Row[]>`
          select id, content, ${ms(sql, 'added_at')} as added_at, ${ms(sql, 'read_at')} as read_at,
            ${ms(sql, 'archived_at')} as archived_at
          from substation_app.notification_inbox
          where recipient = ${recipient} and archived_at is ${archived ? sql`not null` : sql`null`}
            ${unread ? sql`and read_at is null` : sql``} ${before === undefined ? sql`` : sql`and id < ${before}`}
          order by id desc limit ${limit}`,
      )
      return rows.map(row => entryOf(recipient, row))
    },
    async unread(recipient) {
      const [row] = await run(
        sql => sql<{ count: number }[]>`
          select count(*)::int as count from substation_app.notification_inbox
          where recipient = ${recipient} and read_at is null and archived_at is null`,
      )
      return Number(row?.count)
    },
    markRead: act('markRead'),
    markUnread: act('markUnread'),
    archive: act('archive'),
    unarchive: act('unarchive'),
    async watch(recipient, onChange) {
      const stop = watchers.add(recipient, onChange)
      try {
        await listen()
      } catch (error) {
        stop()
        throw error
      }
      return stop
    },
    async removeOlderThan(ageMs, { limit = 10_000 } = {}) {
      return removedOlder(run, { table: 'notification_inbox', by: 'added_at', ageMs, limit })
    },
    async close() {
      const open = await listening?.catch(() => undefined)
      await open?.unlisten().catch(() => undefined)
      await access.close()
    },
  }
}

const ms = (sql: Sql, column: 'added_at' | 'read_at' | 'archived_at') =>
  sql`round(extract(epoch from ${sql(column)}) * 1000)::float8`

const tell = (sql: Sql, recipient: string, change: InboxChange) =>
  sql`select pg_notify(${CHANNEL}, ${JSON.stringify({ recipient, ...change })})`

function entryOf(recipient: string, { id, content, added_at, read_at, archived_at }: Row): InboxEntry {
  return {
    id,
    recipient,
    ...JSON.parse(content),
    addedAt: added_at,
    ...(read_at === null ? {} : { readAt: read_at }),
    ...(archived_at === null ? {} : { archivedAt: archived_at }),
  }
}
