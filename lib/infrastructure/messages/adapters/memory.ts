import type { ClaimedMessage, Message, MessageEvent, MessageWithContent, NoteOutcome } from '../port.ts'
import { isForwards, statusOf } from '../status.ts'
import type { AddedMessage, AddedNote, MessageStore } from '../store.ts'
import { memorySuppressions } from './memory-suppressions.ts'

interface Row extends MessageWithContent {
  heldUntil: number
}

/** For one process, which forgets with it: tests, and messages that may be forgotten. */
export function memoryMessageStore(): MessageStore {
  const rows = new Map<string, Row>()
  const events: MessageEvent[] = []
  const vendorEvents = new Set<string>()
  const newestFirst = () => [...rows.values()].sort((a, b) => (a.id < b.id ? 1 : -1))

  function add({ keys, event, ...message }: AddedMessage): Message {
    const { channel, idempotencyKey } = message
    const former = [...rows.values()].find(
      row => row.channel === channel && row.idempotencyKey !== undefined && row.idempotencyKey === idempotencyKey,
    )
    if (former) return withoutContent(former)
    const now = Date.now()
    const row = { ...structuredClone(message), lookup: keys, createdAt: now, updatedAt: now, attempts: 0, heldUntil: 0 }
    rows.set(row.id, row)
    events.push({ id: event.id, messageId: row.id, at: now, kind: event.kind, detail: event.detail })
    return withoutContent(row)
  }

  function note({ message, vendorEventId, at, id, error, providerMessageId, ...event }: AddedNote): NoteOutcome {
    const row =
      'id' in message
        ? rows.get(message.id)
        : [...rows.values()].find(
            each => each.provider === message.provider && each.providerMessageId === message.providerMessageId,
          )
    if (!row) return { outcome: 'unknown' }
    const vendorEvent = vendorEventId === undefined ? undefined : JSON.stringify([event.provider, vendorEventId])
    if (vendorEvent !== undefined) {
      if (vendorEvents.has(vendorEvent)) return { outcome: 'duplicate', id: row.id, status: row.status }
      vendorEvents.add(vendorEvent)
    }
    events.push({ id, messageId: row.id, at: at ?? Date.now(), ...structuredClone(event) })
    const status = statusOf(event.kind)
    if (status && isForwards(row.status, status)) {
      row.status = status
      row.heldUntil = 0
    }
    if (event.kind === 'attempt') row.attempts++
    if (event.provider !== undefined && (event.kind === 'attempt' || event.kind === 'accepted'))
      row.provider = event.provider
    if (providerMessageId !== undefined) row.providerMessageId = providerMessageId
    if (error !== undefined) row.lastError = error
    row.updatedAt = Date.now()
    return { outcome: 'noted', id: row.id, status: row.status }
  }

  return {
    shared: false,
    add: async messages => messages.map(add),
    note: async notes => notes.map(note),
    async act(id, { from, to, scheduledFor, event, staleMs }) {
      const row = rows.get(id)
      const isStale = (each: Row) =>
        staleMs !== undefined &&
        each.status === 'sending' &&
        each.heldUntil === 0 &&
        each.updatedAt < Date.now() - staleMs
      if (!row || !(from.includes(row.status) || isStale(row))) return { done: false, status: row?.status }
      row.status = to
      row.heldUntil = 0
      row.updatedAt = Date.now()
      if (scheduledFor !== undefined) row.scheduledFor = scheduledFor
      if (event) events.push({ ...event, messageId: id, at: row.updatedAt })
      return { done: true }
    },
    async find(by) {
      const row =
        'id' in by
          ? rows.get(by.id)
          : [...rows.values()].find(
              ({ channel, idempotencyKey }) => channel === by.channel && idempotencyKey === by.key,
            )
      return row && shown(row)
    },
    events: async id =>
      structuredClone(
        events.filter(({ messageId }) => messageId === id).sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1)),
      ),
    async list({ key, from, until, ...equal }, before, limit) {
      return newestFirst()
        .filter(
          row =>
            (before === undefined || row.id < before) &&
            (key === undefined || row.lookup.includes(key)) &&
            (from === undefined || row.createdAt >= from) &&
            (until === undefined || row.createdAt < until) &&
            Object.entries(equal).every(([name, value]) => value === undefined || row[name as keyof Row] === value),
        )
        .slice(0, limit)
        .map(withoutContent)
    },
    async counts(since) {
      const counted = Map.groupBy(
        [...rows.values()].filter(({ createdAt }) => createdAt >= since),
        ({ channel, provider, status }) => JSON.stringify({ channel, provider, status }),
      )
      return [...counted].map(([which, { length }]) => ({ ...JSON.parse(which), count: length }))
    },
    async claimDue(channel, limit, leaseMs) {
      const now = Date.now()
      const isDue = ({ status, scheduledFor = 0, heldUntil }: Row) =>
        (status === 'scheduled' && scheduledFor <= now) || (status === 'sending' && heldUntil > 0 && heldUntil < now)
      return [...rows.values()]
        .filter(row => row.channel === channel && isDue(row))
        .sort((a, b) => Number(a.scheduledFor) - Number(b.scheduledFor))
        .slice(0, limit)
        .map((row): ClaimedMessage => {
          const interrupted = row.status === 'sending'
          row.status = 'sending'
          row.heldUntil = now + leaseMs
          row.updatedAt = now
          return { ...shown(row), interrupted }
        })
    },
    ...memorySuppressions(),
    async removeOlderThan(ms, limit) {
      const before = Date.now() - ms
      const old = newestFirst()
        .reverse()
        .filter(({ createdAt, scheduledFor = 0 }) => createdAt < before && scheduledFor < before)
        .slice(0, limit)
      for (const { id } of old) rows.delete(id)
      const left = events.filter(({ messageId }) => rows.has(messageId))
      events.splice(0, events.length, ...left)
      return old.length
    },
    async close() {},
  }
}

function shown({ heldUntil: _, ...row }: Row): MessageWithContent {
  return structuredClone(row)
}

function withoutContent(row: Row): Message {
  const { content: _, lookup: __, ...message } = shown(row)
  return message
}
