import { newId } from '../../../core/ids.ts'
import type { Content } from '../channel.ts'
import { INBOX_ACTS, type Inbox, type InboxEntry, type InboxSelection } from '../inbox.ts'
import { InboxWatchers } from '../inbox-watchers.ts'

/** For one process, which forgets with it. */
export function memoryInbox(): Inbox {
  const entries = new Map<string, InboxEntry>()
  const ids = new Map<string, string>()
  const watchers = new InboxWatchers()
  const of = (recipient: string) => [...entries.values()].filter(entry => entry.recipient === recipient)
  const act = (name: keyof typeof INBOX_ACTS) => async (recipient: string, selection: InboxSelection) => {
    const { kind, column, set } = INBOX_ACTS[name]
    const changed = of(recipient).filter(
      entry => (selection === 'all' || selection.includes(entry.id)) && (entry[column] === undefined) === set,
    )
    for (const entry of changed) {
      if (set) entry[column] = Date.now()
      else delete entry[column]
    }
    if (changed.length > 0) watchers.tell(recipient, { kind, ids: changed.map(({ id }) => id) })
    return changed.length
  }
  return {
    async add(recipient, { title, text, url, data }: Content, key) {
      const once = JSON.stringify([recipient, key])
      const former = ids.get(once)
      if (former !== undefined) return former
      const id = newId()
      ids.set(once, id)
      entries.set(id, {
        id,
        recipient,
        text,
        ...(title === undefined ? {} : { title }),
        ...(url === undefined ? {} : { url }),
        ...(data === undefined ? {} : { data }),
        addedAt: Date.now(),
      })
      watchers.tell(recipient, { kind: 'added', id })
      return id
    },
    async list(recipient, { archived = false, unread = false, before, limit = 50 } = {}) {
      return of(recipient)
        .filter(
          ({ id, readAt, archivedAt }) =>
            (archivedAt !== undefined) === archived &&
            (!unread || readAt === undefined) &&
            (before === undefined || id < before),
        )
        .reverse()
        .slice(0, limit)
        .map(entry => structuredClone(entry))
    },
    async unread(recipient) {
      return of(recipient).filter(({ readAt, archivedAt }) => readAt === undefined && archivedAt === undefined).length
    },
    markRead: act('markRead'),
    markUnread: act('markUnread'),
    archive: act('archive'),
    unarchive: act('unarchive'),
    watch: async (recipient, onChange) => watchers.add(recipient, onChange),
    async removeOlderThan(ageMs, { limit = 10_000 } = {}) {
      const old = [...entries.values()].filter(({ addedAt }) => addedAt < Date.now() - ageMs).slice(0, limit)
      for (const { id } of old) entries.delete(id)
      for (const [once, id] of ids) if (!entries.has(id)) ids.delete(once)
      return old.length
    },
    async close() {},
  }
}
