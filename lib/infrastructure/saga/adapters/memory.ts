import type { SagaAct, SagaCounts } from '../port.ts'
import { isBack } from '../record.ts'
import { allows, type Held, type Kept, lostError, type SagaStore, type StoredSaga } from '../store.ts'

const DAY = 86_400_000

interface Row extends StoredSaga {
  fence: number
  heldUntil: number
}

/** For one process, which forgets with it: tests, and work that may be forgotten. */
export function memorySagaStore(): SagaStore {
  const rows = new Map<string, Row>()
  const isHeld = ({ heldUntil }: Row) => heldUntil > Date.now()
  const isDue = (row: Row) => row.nextAt !== undefined && row.nextAt <= Date.now() && !isHeld(row)
  const holding = ({ id, fence }: Held) => {
    const row = rows.get(id)
    if (row?.fence !== fence) throw lostError(id)
    return row
  }
  const shown = ({ fence: _, heldUntil, ...row }: Row): StoredSaga =>
    structuredClone({ ...row, held: heldUntil > Date.now() })
  function keep(held: Held, { state, record, applied }: Kept): SagaAct | undefined {
    const row = holding(held)
    row.state = state
    row.record = record
    row.heldUntil = Date.now() + held.leaseMs
    delete row.endedAt
    if (row.asked && JSON.stringify(row.asked) === JSON.stringify(applied)) delete row.asked
    return row.asked
  }
  return {
    shared: false,
    async add({ id, saga, key, record }) {
      const former =
        key === undefined ? undefined : [...rows.values()].find(row => row.saga === saga && row.key === key)
      if (former) return former.id
      const now = Date.now()
      const row: Row = {
        id,
        saga,
        state: 'running',
        record,
        startedAt: now,
        nextAt: now,
        held: false,
        fence: 0,
        heldUntil: 0,
      }
      rows.set(id, key === undefined ? row : { ...row, key })
      return undefined
    },
    async take(sagas, limit, leaseMs) {
      const due = [...rows.values()]
        .filter(row => sagas.includes(row.saga) && isDue(row))
        .sort((a, b) => Number(a.nextAt) - Number(b.nextAt))
      return due.slice(0, limit).map(row => {
        row.fence++
        row.heldUntil = Date.now() + leaseMs
        return { held: { id: row.id, fence: row.fence, leaseMs }, saga: shown(row) }
      })
    },
    async renew({ id, fence, leaseMs }) {
      const row = rows.get(id)
      if (row?.fence !== fence) return false
      row.heldUntil = Date.now() + leaseMs
      return true
    },
    keep: async (held, kept) => keep(held, kept),
    keepWith: async (held, work) => keep(held, await work()),
    async release(held, { state, record, applied, dueInMs }) {
      const row = holding(held)
      if (row.asked && JSON.stringify(row.asked) !== JSON.stringify(applied)) return false
      row.state = state
      row.record = record
      row.heldUntil = 0
      delete row.asked
      delete row.nextAt
      if (dueInMs !== undefined) row.nextAt = Date.now() + dueInMs
      if (state === 'completed' || state === 'compensated') row.endedAt = Date.now()
      return true
    },
    async ask(id, act) {
      const row = rows.get(id)
      if (!row) return undefined
      const { state, record } = row
      const held = isHeld(row)
      if (row.asked || !allows(act.act, { state, held, isBack: isBack(record) })) return { state, asked: row.asked }
      row.asked = act
      row.nextAt = Date.now()
      return 'asked'
    },
    async find(id) {
      const row = rows.get(id)
      return row && shown(row)
    },
    async list({ saga, state, before, limit }) {
      return [...rows.values()]
        .filter(
          row =>
            (saga === undefined || row.saga === saga) &&
            (state === undefined || row.state === state) &&
            (before === undefined || row.id < before),
        )
        .sort((a, b) => (a.id < b.id ? 1 : -1))
        .slice(0, limit)
        .map(shown)
    },
    async counts(sagas) {
      const recent = [...rows.values()].filter(({ endedAt }) => endedAt === undefined || endedAt > Date.now() - DAY)
      return new Map(
        sagas.flatMap(saga => {
          const own = recent.filter(row => row.saga === saga)
          if (own.length === 0) return []
          const count = (state: StoredSaga['state']) => own.filter(row => row.state === state).length
          const waiting = own.filter(isDue).map(({ nextAt }) => Number(nextAt))
          const counts: SagaCounts = {
            running: count('running'),
            compensating: count('compensating'),
            failed: count('failed'),
            completed: count('completed'),
            compensated: count('compensated'),
            ...(waiting.length > 0 ? { waitingSince: Math.min(...waiting) } : {}),
          }
          return [[saga, counts] as const]
        }),
      )
    },
    async removeEnded(olderThanMs, limit) {
      const old = [...rows.values()]
        .filter(({ endedAt }) => endedAt !== undefined && endedAt < Date.now() - olderThanMs)
        .sort((a, b) => Number(a.endedAt) - Number(b.endedAt))
        .slice(0, limit)
      for (const { id } of old) rows.delete(id)
      return old.length
    },
    async close() {},
  }
}
