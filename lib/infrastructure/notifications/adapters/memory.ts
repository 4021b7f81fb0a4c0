import type { NotificationState, Notified } from '../port.ts'
import type { Preferences } from '../preferences.ts'
import { isEnded } from '../record.ts'
import {
  type Held,
  lostError,
  type NewNotifications,
  type NotificationStore,
  type StoredNotification,
} from '../store.ts'

interface Row extends StoredNotification {
  digestKey?: string | undefined
  queuedUntil: number
  cancelAsked: boolean
  fence: number
  heldUntil: number
}

/** For one process, which forgets with it: tests, and notifications that may be forgotten. */
export function memoryNotifications(): NotificationStore {
  const rows = new Map<string, Row>()
  const keys = new Map<string, { id: string; until: number }>()
  const preferences = new Map<string, Preferences>()
  const isHeld = ({ heldUntil }: Row) => heldUntil > Date.now()
  const isDue = (row: Row) => row.dueAt !== undefined && row.dueAt <= Date.now() && !isHeld(row)
  const shown = ({ digestKey: _, queuedUntil: __, cancelAsked: ___, fence: ____, heldUntil: _____, ...row }: Row) =>
    structuredClone(row)
  const holding = ({ id, fence }: Held) => {
    const row = rows.get(id)
    if (row?.fence !== fence) throw lostError(id)
    return row
  }
  function end(row: Row, state: NotificationState): void {
    row.state = state
    row.endedAt = Date.now()
    delete row.dueAt
    delete row.digestKey
  }
  function add(given: NewNotifications, { id, recipient }: NewNotifications['rows'][number]): Notified {
    const { dedupe, digest, type, record, dueAt = Date.now(), batch } = given
    const key = JSON.stringify([recipient, dedupe?.key])
    const former = dedupe && keys.get(key)
    if (former && former.until > Date.now()) return { recipient, id: former.id, outcome: 'duplicate' }
    if (dedupe) keys.set(key, { id, until: Date.now() + dedupe.windowMs })
    const collecting =
      digest && [...rows.values()].find(row => row.recipient === recipient && row.digestKey === digest.key)
    if (collecting) {
      collecting.items.push(digest.item)
      return { recipient, id: collecting.id, outcome: 'collected' }
    }
    rows.set(id, {
      id,
      recipient,
      type,
      state: 'waiting',
      ...(batch === undefined ? {} : { batch }),
      digestKey: digest?.key,
      items: digest ? [digest.item] : [],
      record: structuredClone(record),
      dueAt,
      createdAt: Date.now(),
      queuedUntil: 0,
      cancelAsked: false,
      fence: 0,
      heldUntil: 0,
    })
    return { recipient, id, outcome: 'added' }
  }
  return {
    add: async given => given.rows.map(row => add(given, row)),
    async due(limit, queuedForMs) {
      const due = [...rows.values()]
        .filter(row => isDue(row) && row.queuedUntil <= Date.now())
        .sort((a, b) => Number(a.dueAt) - Number(b.dueAt))
        .slice(0, limit)
      return due.map(row => {
        row.queuedUntil = Date.now() + queuedForMs
        return { id: row.id, fence: row.fence, urgent: row.record.message.priority === 'urgent' }
      })
    },
    async take(id, leaseMs) {
      const row = rows.get(id)
      if (!row || !isDue(row)) return undefined
      row.fence++
      row.heldUntil = Date.now() + leaseMs
      row.queuedUntil = row.heldUntil
      row.state = 'sending'
      delete row.digestKey
      return { held: { id, fence: row.fence, leaseMs }, notification: shown(row) }
    },
    async renew({ id, fence, leaseMs }) {
      const row = rows.get(id)
      if (row?.fence !== fence || isEnded(row.state)) return false
      row.heldUntil = Date.now() + leaseMs
      return true
    },
    async keep(held, record) {
      const row = holding(held)
      row.record = structuredClone(record)
      row.heldUntil = Date.now() + held.leaseMs
      return row.cancelAsked
    },
    async release(held, record, outcome) {
      const row = holding(held)
      row.record = structuredClone(record)
      row.heldUntil = 0
      row.queuedUntil = 0
      if (!('dueInMs' in outcome)) return end(row, outcome.state)
      if (row.cancelAsked) return end(row, 'cancelled')
      row.state = outcome.state
      row.dueAt = Date.now() + outcome.dueInMs
    },
    async cancel(id) {
      const row = rows.get(id)
      if (!row || isEnded(row.state)) return false
      row.cancelAsked = true
      if (isHeld(row)) return 'asked'
      end(row, 'cancelled')
      return 'cancelled'
    },
    async find(id) {
      const row = rows.get(id)
      return row && shown(row)
    },
    async list({ recipient, batch, state, before, limit }) {
      return [...rows.values()]
        .filter(
          row =>
            (recipient === undefined || row.recipient === recipient) &&
            (batch === undefined || row.batch === batch) &&
            (state === undefined || row.state === state) &&
            (before === undefined || row.id < before),
        )
        .sort((a, b) => (a.id < b.id ? 1 : -1))
        .slice(0, limit)
        .map(shown)
    },
    async batch(id) {
      const counts: Partial<Record<NotificationState, number>> = {}
      for (const { batch, state } of rows.values()) if (batch === id) counts[state] = (counts[state] ?? 0) + 1
      return counts
    },
    async removeEnded(olderThanMs, limit) {
      for (const [key, { until }] of keys) if (until <= Date.now()) keys.delete(key)
      const old = [...rows.values()]
        .filter(({ endedAt }) => endedAt !== undefined && endedAt < Date.now() - olderThanMs)
        .slice(0, limit)
      for (const { id } of old) rows.delete(id)
      return old.length
    },
    preferences: {
      get: async recipient => preferences.get(recipient) ?? {},
      async set(recipient, chosen) {
        preferences.set(recipient, structuredClone(chosen))
      },
    },
    async close() {},
  }
}
