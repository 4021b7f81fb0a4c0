import type { DeadLetterPlace } from '../../../../infrastructure/queue/index.ts'
import { retrying } from '../../queues/index.ts'
import type { Selected, SelectedQueue } from './selection.ts'

/** How long a step is retried while Redis is briefly down (ms); repeating it does nothing twice. */
export const REDIS_WAIT_MS = 30_000
const PAGE = 50

export interface SelectedJob {
  queue: SelectedQueue
  id: string
}
export interface RefusedJob extends SelectedJob {
  reason: string
}

interface Walk {
  queue: SelectedQueue
  /** Those that failed later are not the ones that were confirmed. */
  until: number
  after?: DeadLetterPlace
  /** Found, and not replayed yet. */
  ready: string[]
  /** There are no more to find. */
  over: boolean
}

export interface Moved {
  moved: SelectedJob[]
  refused: RefusedJob[]
}

/** The dead letters that an act is about, found piece by piece, and taken as many at a time as it asks for. */
export async function selectedJobs(
  { queues, matches }: Selected,
  {
    earlier,
    signal,
    take,
  }: {
    /** Of a resumed run: when it began, and what it has moved. */
    earlier: { begunAt: number; jobs: readonly SelectedJob[] } | undefined
    signal: AbortSignal
    /** Does it to some of a queue. */
    take(queue: SelectedQueue, ids: readonly string[]): Promise<Moved>
  },
) {
  const ask = <T>(call: () => Promise<T>) => retrying(call, signal, REDIS_WAIT_MS)
  const done = new Set((earlier?.jobs ?? []).map(placeOf))
  const isNew = (queue: SelectedQueue, id: string) => !done.has(placeOf({ queue, id }))
  const walks = await Promise.all(
    queues.map(async (queue): Promise<Walk> => {
      if (queue.ids)
        return { queue, until: 0, ready: [...new Set(queue.ids)].filter(id => isNew(queue, id)), over: true }
      const [set] = await ask(() => queue.server.queues.deadLetterSets([queue.address]))
      const newest = set?.newest?.failedAt ?? 0
      // A resumed run takes none that failed after it had begun.
      return { queue, until: earlier ? Math.min(newest, earlier.begunAt) : newest, ready: [], over: false }
    }),
  )

  async function fill(walk: Walk) {
    const { queue, until } = walk
    while (walk.ready.length === 0 && !walk.over && !signal.aborted) {
      const { after } = walk
      const { records, finished } = await ask(() =>
        queue.server.acts.deadLettersAfter(queue.address, { after, until, limit: PAGE }),
      )
      walk.ready.push(...records.filter(record => isNew(queue, record.id) && matches(record)).map(({ id }) => id))
      const last = records.at(-1)
      if (last) walk.after = { id: last.id, failedAt: last.failedAt }
      walk.over = finished
    }
  }

  return {
    /** Takes up to `count` of them, of one queue; of each queue in turn if `spread`. Undefined: there are none left. */
    async next(count: number, { spread = false } = {}): Promise<Moved | undefined> {
      for (const walk of [...walks]) {
        await fill(walk)
        if (walk.ready.length === 0) continue
        const ids = walk.ready.splice(0, spread ? 1 : Math.min(count, PAGE))
        if (spread) walks.push(...walks.splice(walks.indexOf(walk), 1))
        return take(walk.queue, ids)
      }
      return undefined
    },
  }
}

const placeOf = ({ queue, id }: SelectedJob) => JSON.stringify([queue.server.name, queue.key, id])
