import type { Part } from '../../platform/part/part.ts'

/** The most questions whose answer is kept; the one asked least recently goes first. */
const KEPT = 100

interface Kept {
  /** The answer, or the one that is awaited. */
  reading?: Promise<Part<unknown>>
  /** When it was asked for, by the monotonic clock. */
  at: number
  awaited: boolean
  /** It was not answered: asked again sooner than an answer would be. */
  failed?: boolean
  good?: { at: number; data: unknown }
}

/** For how long a failure counts as the answer (ms): what was locked a moment ago may be free. */
const FAILED_FOR = 5_000

/** The last answer to each question of one server. */
export function lastAnswers() {
  const kept = new Map<string, Kept>()

  function entryOf(id: string): Kept {
    const entry = kept.get(id) ?? { at: Number.NEGATIVE_INFINITY, awaited: false }
    kept.delete(id)
    kept.set(id, entry)
    const oldest = kept.keys().next().value
    if (kept.size > KEPT && oldest !== undefined) kept.delete(oldest)
    return entry
  }

  return {
    /** At most `maxAge` ms old. One reading at a time, so that they do not pile up on a server that hangs. */
    get<T>(id: string, maxAge: number, read: () => Promise<Part<T>>): Promise<Part<T>> {
      const entry = entryOf(id)
      const counts = entry.failed ? Math.min(maxAge, FAILED_FOR) : maxAge
      if (entry.reading && (entry.awaited || performance.now() - entry.at < counts))
        return entry.reading as Promise<Part<T>>
      entry.at = performance.now()
      entry.awaited = true
      const reading = read().then((answer): Part<T> => {
        entry.awaited = false
        entry.failed = answer.status === 'down'
        if (answer.status === 'up') entry.good = { at: answer.at, data: answer.data }
        if (answer.status !== 'down' || !entry.good) return answer
        return { ...answer, status: 'stale', at: entry.good.at, data: entry.good.data as T }
      })
      entry.reading = reading
      return reading
    },
  }
}
