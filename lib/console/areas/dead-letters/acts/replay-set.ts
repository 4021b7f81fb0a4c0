import type { DeadLetterPlace, EditedData, JobStep } from '../../../../infrastructure/queue/index.ts'
import { retrying } from '../../queues/index.ts'
import { EDITED_MOST, edited, type Patch } from './edit.ts'
import type { Selected, SelectedQueue } from './selection.ts'

/** How long a step is retried while Redis is briefly down (ms); repeating it does nothing twice. */
const REDIS_WAIT_MS = 30_000
const PAGE = 50

export interface ReplayedJob {
  queue: SelectedQueue
  id: string
}
export interface RefusedJob extends ReplayedJob {
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
  moved: ReplayedJob[]
  refused: RefusedJob[]
}

/** The dead letters that a replay is about, found piece by piece, and moved as many at a time as it asks for. */
export async function replaySet(
  { queues, matches }: Selected,
  run: string,
  {
    earlier,
    patch,
    signal,
  }: {
    /** Of a resumed run: when it began, and what it has moved. */
    earlier: { begunAt: number; jobs: readonly ReplayedJob[] } | undefined
    patch: Patch | undefined
    signal: AbortSignal
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

  async function move(queue: SelectedQueue, ids: readonly string[]): Promise<Moved> {
    const { edits, refused } = patch ? await editsOf(queue, ids, patch) : { edits: undefined, refused: [] }
    const wanted = edits ? edits.map(({ id }) => id) : ids
    if (wanted.length === 0) return { moved: [], refused }
    const step: JobStep = await ask(() => queue.server.acts.replayKeeping(queue.address, run, wanted, edits))
    const stayed = new Set(step.refused.map(({ id }) => id))
    return {
      moved: wanted.filter(id => !stayed.has(id)).map(id => ({ queue, id })),
      refused: [...refused, ...step.refused.map(({ id, reason }) => ({ queue, id, reason }))],
    }
  }

  async function editsOf(queue: SelectedQueue, ids: readonly string[], patch: Patch) {
    const data = await ask(() => queue.server.acts.dataOf(queue.address, ids, EDITED_MOST))
    const edits: EditedData[] = []
    const refused: RefusedJob[] = []
    for (const id of ids) {
      const from = data.get(id)
      const result = from === undefined ? undefined : edited(from, patch)
      if (from !== undefined && result?.ok) edits.push({ id, from, to: result.text })
      else
        refused.push({
          queue,
          id,
          reason: result?.ok === false ? result.why : 'its payload is missing or too large to edit',
        })
    }
    return { edits, refused }
  }

  return {
    /** Replays up to `count` of them, of one queue; of each queue in turn if `spread`. Undefined: there are none left. */
    async next(count: number, { spread = false } = {}): Promise<Moved | undefined> {
      for (const walk of [...walks]) {
        await fill(walk)
        if (walk.ready.length === 0) continue
        const ids = walk.ready.splice(0, spread ? 1 : Math.min(count, PAGE))
        if (spread) walks.push(...walks.splice(walks.indexOf(walk), 1))
        return move(walk.queue, ids)
      }
      return undefined
    },
  }
}

const placeOf = ({ queue, id }: ReplayedJob) => JSON.stringify([queue.server.name, queue.key, id])
