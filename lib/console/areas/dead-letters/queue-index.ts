import { setTimeout as pause } from 'node:timers/promises'
import {
  type DeadLetterPlace,
  type DeadLetterRecord,
  type DeadLetterSet,
  type Failure,
  failureOf,
  type QueueAddress,
  type QueueServer,
} from '../../../infrastructure/queue/index.ts'
import { OTHER_KINDS, type QueueFailures, type QueueKind, TREND } from './port.ts'

/** Pause between two pieces, so that Redis serves others (ms). */
const REST = 3
const PLACES = 1_000
const RECORDS = 50
/** Of a set too large to be examined as a whole: pieces of this size spread over it. */
const SPREAD = 100
/** How many more than the limit may come before the sample is taken again. */
const SLACK = 1.25

/** Kinds known at a time of one queue: where every error is a kind of its own, the others are one. */
const MOST_KINDS = 1_000
/** Characters kept of the newest error of a kind. */
const ERROR = 1_000

interface Kind {
  failure: Failure
  job: string
  newest: QueueKind['newest']
}
interface Entry {
  at: number
  kind: Kind
  /** It came after the sample was taken, so it stands for itself only. */
  later: boolean
}

/** What of a queue's dead letters is read: the calls that the index makes. */
export type DeadLetterReads = Pick<
  QueueServer,
  'deadLetterSets' | 'deadLettersOf' | 'deadLettersAfter' | 'deadLetterPlaces'
>

/**
 * The kinds of dead letters of one queue. A set with at most `limit` dead letters is known exactly, of a larger one a sample spread over it.
 * What is added later is read from the last known place on; after a removal only the ids are read again.
 */
export function queueIndex(queues: DeadLetterReads, key: string, address: QueueAddress) {
  let entries = new Map<string, Entry>()
  const kinds = new Map<string, Kind>()
  /** The set that was examined: its size, and how many of it were. */
  let base = { total: 0, examined: 0 }
  let later = 0
  let seen: DeadLetterSet = { total: 0 }
  let summary: { at: number; failures: QueueFailures } | undefined

  function toKind(record: DeadLetterRecord): Kind {
    const failure = failureOf(record)
    const fits = kinds.has(failure.fingerprint) || kinds.size < MOST_KINDS
    const { fingerprint } = fits ? failure : OTHER
    const newest = { id: record.id, failedAt: record.failedAt, error: record.error.slice(0, ERROR) }
    const known = kinds.get(fingerprint)
    if (!known) {
      const kind = { failure: fits ? failure : OTHER, job: fits ? record.name : '', newest }
      kinds.set(fingerprint, kind)
      return kind
    }
    if (newest.failedAt >= known.newest.failedAt) known.newest = newest
    return known
  }

  /** Reads what came after the last known place. False: it was not only added to, so the places have to be read again. */
  async function readLater(set: DeadLetterSet, limit: number, signal: AbortSignal): Promise<boolean> {
    if (!seen.newest || set.total <= seen.total || entries.size > limit * SLACK) return false
    const added: DeadLetterRecord[] = []
    let after: DeadLetterPlace = seen.newest
    while (added.length <= limit) {
      signal.throwIfAborted()
      const { records, finished } = await queues.deadLettersAfter(address, { after, limit: RECORDS })
      added.push(...records)
      after = records.at(-1) ?? after
      if (finished) break
      await pause(REST)
    }
    // Only if nothing was removed since the last pass does the size now agree.
    const [now] = await queues.deadLetterSets([address])
    if (now?.total !== seen.total + added.length || added.some(({ id }) => entries.has(id))) return false
    for (const record of added)
      entries.set(record.id, { at: record.failedAt, kind: toKind(record), later: base.examined < base.total })
    if (base.examined >= base.total) base = { total: base.total + added.length, examined: base.examined + added.length }
    else later += added.length
    seen = { total: seen.total + added.length, newest: placeOf(after) }
    return true
  }

  async function readAgain(set: DeadLetterSet, limit: number, signal: AbortSignal) {
    const found = new Map<string, Entry>()
    let newest: DeadLetterPlace | undefined
    for (const { from, size } of piecesOf(set.total, limit)) {
      signal.throwIfAborted()
      const places = await queues.deadLetterPlaces(address, from, size)
      newest = places.at(-1) ?? newest
      const unknown: string[] = []
      for (const { id, failedAt } of places) {
        const known = entries.get(id)
        if (known?.at === failedAt) found.set(id, { ...known, later: false })
        else unknown.push(id)
      }
      for (let at = 0; at < unknown.length; at += RECORDS) {
        for (const record of await queues.deadLettersOf(address, unknown.slice(at, at + RECORDS)))
          found.set(record.id, { at: record.failedAt, kind: toKind(record), later: false })
        await pause(REST)
      }
      if (places.length < size) break
    }
    entries = found
    base = { total: set.total <= limit ? found.size : set.total, examined: found.size }
    later = 0
    seen = { total: set.total, ...(newest ? { newest } : {}) }
    const used = new Set([...entries.values()].map(({ kind }) => kind.failure.fingerprint))
    for (const fingerprint of kinds.keys()) if (!used.has(fingerprint)) kinds.delete(fingerprint)
  }

  function summarize(now: number): QueueFailures {
    const weight = base.examined > 0 && base.examined < base.total ? base.total / base.examined : 1
    const found = new Map<Kind, Omit<QueueKind, 'failure' | 'job' | 'newest' | 'exact'> & { trend: number[] }>()
    const begin = now - TREND.parts * TREND.partMs
    for (const { at, kind, later: isLater } of entries.values()) {
      const own = found.get(kind) ?? { count: 0, examined: 0, first: at, last: at, trend: Array(TREND.parts).fill(0) }
      found.set(kind, own)
      const stands = isLater ? 1 : weight
      own.count += stands
      own.examined++
      own.first = Math.min(own.first, at)
      own.last = Math.max(own.last, at)
      const part = Math.min(TREND.parts - 1, Math.floor((at - begin) / TREND.partMs))
      if (part >= 0) own.trend[part] = (own.trend[part] ?? 0) + stands
    }
    return {
      key,
      address,
      total: base.total + later,
      examined: entries.size,
      kinds: [...found].map(([{ failure, job, newest }, own]) => ({
        ...own,
        failure,
        job,
        newest,
        count: Math.round(own.count),
        trend: own.trend.map(Math.round),
        exact: weight === 1,
      })),
    }
  }

  return {
    /**
     * Brings it up to date with the set as it is now. False: nothing had changed. `whole`: all ids are read again, which also finds what
     * was added with an earlier time, by a worker whose clock is behind, while as many were removed.
     */
    async refresh(set: DeadLetterSet, limit: number, signal: AbortSignal, { whole = false } = {}): Promise<boolean> {
      if (isSame(set, seen) && !whole) return false
      if (set.total === 0) {
        entries = new Map()
        kinds.clear()
        base = { total: 0, examined: 0 }
        later = 0
        seen = set
      } else if (whole || !(await readLater(set, limit, signal))) await readAgain(set, limit, signal)
      summary = undefined
      return true
    },
    /** Computed again after a change, and every minute because the trend moves on. */
    failures(now: number): QueueFailures {
      if (!summary || now - summary.at > 60_000) summary = { at: now, failures: summarize(now) }
      return summary.failures
    },
    placesOf(fingerprint: string, limit: number): DeadLetterPlace[] {
      const places = [...entries].flatMap(([id, { at, kind }]) =>
        kind.failure.fingerprint === fingerprint ? [{ id, failedAt: at }] : [],
      )
      return places.sort((a, b) => b.failedAt - a.failedAt).slice(0, limit)
    },
  }
}

const OTHER: Failure = { fingerprint: OTHER_KINDS, pattern: 'Errors of many other kinds' }

export type QueueIndex = ReturnType<typeof queueIndex>

const placeOf = ({ id, failedAt }: DeadLetterPlace) => ({ id, failedAt })

const isSame = (one: DeadLetterSet, other: DeadLetterSet) =>
  one.total === other.total && one.newest?.id === other.newest?.id && one.newest?.failedAt === other.newest?.failedAt

/** All ranks, or pieces spread over them: the oldest, which tell since when, and the newest, which tell what fails now, are among them. */
function piecesOf(total: number, limit: number): { from: number; size: number }[] {
  if (total <= limit)
    return Array.from({ length: Math.ceil(total / PLACES) + 1 }, (_, at) => ({ from: at * PLACES, size: PLACES }))
  const pieces = Math.max(2, Math.floor(limit / SPREAD))
  return Array.from({ length: pieces }, (_, at) => ({
    from: Math.round((at * (total - SPREAD)) / (pieces - 1)),
    size: SPREAD,
  }))
}
