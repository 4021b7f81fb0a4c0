import { timeOfId } from '../../../../core/ids.ts'
import type { ReplayOutcome } from '../../../../infrastructure/queue/index.ts'
import { retrying } from '../../queues/index.ts'
import { REDIS_WAIT_MS, type SelectedJob } from './selected-jobs.ts'
import type { SelectedQueue } from './selection.ts'

/** Jobs whose state is read in one look, the longest waiting first. */
const LOOKED_AT = 500
/** Parts of the stream of events that one look reads, where jobs are gone. */
const PARTS = 10

/** What became of a replayed job, once that is certain. */
export interface Fate extends SelectedJob {
  state: 'completed' | 'failed' | 'gone' | 'moved-on'
  error?: string
}

/**
 * Follows replayed jobs until each has completed, failed again or gone. One that is gone was removed when it finished, if the queue's events
 * still say so; otherwise it is only known that it is gone.
 */
export function followFates(run: string, signal: AbortSignal) {
  const pending = new Map<SelectedQueue, Set<string>>()
  const streams = new Map<
    SelectedQueue,
    { cursor: string; finished: Map<string, Fate['state']>; errors: Map<string, string> }
  >()

  async function look(queue: SelectedQueue, ids: Set<string>): Promise<Fate[]> {
    const some = [...ids].slice(0, LOOKED_AT)
    const outcomes = await retrying(() => queue.server.acts.outcomesOf(queue.address, run, some), signal, REDIS_WAIT_MS)
    const fates: Fate[] = []
    const gone: string[] = []
    for (const { id, state, error } of outcomes) {
      if (state === 'gone') gone.push(id)
      else if (isSettled(state)) fates.push({ queue, id, state, ...(error ? { error } : {}) })
      // Looked at last in the next look, so that none is left out for long.
      else if (ids.delete(id)) ids.add(id)
    }
    if (gone.length > 0) fates.push(...(await goneOnes(queue, gone)))
    for (const { id } of fates) ids.delete(id)
    return fates
  }

  async function goneOnes(queue: SelectedQueue, ids: readonly string[]): Promise<Fate[]> {
    const stream = streams.get(queue) ?? { cursor: `${timeOfId(run)}-0`, finished: new Map(), errors: new Map() }
    streams.set(queue, stream)
    for (let part = 0; part < PARTS; part++) {
      const { cursor } = stream
      const read = await retrying(() => queue.server.acts.finishedAfter(queue.address, cursor), signal, REDIS_WAIT_MS)
      stream.cursor = read.cursor
      for (const id of read.completed) stream.finished.set(id, 'completed')
      for (const { id, error } of read.failed) {
        stream.finished.set(id, 'failed')
        stream.errors.set(id, error)
      }
      if (!read.more) break
    }
    return ids.map(id => {
      const error = stream.errors.get(id)
      return { queue, id, state: stream.finished.get(id) ?? 'gone', ...(error ? { error } : {}) }
    })
  }

  return {
    add({ queue, id }: SelectedJob) {
      const ids = pending.get(queue) ?? new Set()
      pending.set(queue, ids.add(id))
    },
    /** Those that have become certain since the last look. */
    async settled(): Promise<Fate[]> {
      const fates: Fate[] = []
      for (const [queue, ids] of pending) if (ids.size > 0) fates.push(...(await look(queue, ids)))
      return fates
    },
    waiting: () => [...pending].flatMap(([queue, ids]) => [...ids].map((id): SelectedJob => ({ queue, id }))),
    count: () => [...pending.values()].reduce((sum, { size }) => sum + size, 0),
    /** Queues with jobs of which it is not known yet. */
    queues: () => [...pending].flatMap(([queue, ids]) => (ids.size > 0 ? [queue] : [])),
  }
}

const isSettled = (state: ReplayOutcome['state']): state is Fate['state'] =>
  state === 'completed' || state === 'failed' || state === 'moved-on'
