import type { DeadChildren, QueueAddress, QueueServer } from '../../../infrastructure/queue/index.ts'
import type { WatchedQueue } from './port.ts'
import { keyOf } from './search.ts'

/** How often parents are checked for dead children (ms): that costs more than reading a length. */
const FRESH_FOR = 8_000
/** The most queues checked in one round; the others follow in the next. */
const AT_ONCE = 40

type Asked = QueueAddress & Pick<WatchedQueue, 'counts'>

/** Which queues have parents that wait for a dead letter, cached for some seconds. */
export function blockedParents(queues: Pick<QueueServer, 'deadChildren'>) {
  const known = new Map<string, { at: number; dead: DeadChildren | undefined }>()

  async function ask(queue: Asked): Promise<void> {
    known.set(keyOf(queue), { at: performance.now(), dead: await queues.deadChildren(queue) })
  }

  return {
    async of(list: readonly Asked[]): Promise<(queue: Asked) => DeadChildren | undefined> {
      const waiting = list.filter(({ counts }) => (counts['waiting-children'] ?? 0) > 0)
      const keys = new Set(waiting.map(keyOf))
      for (const key of known.keys()) if (!keys.has(key)) known.delete(key)
      const at = (queue: Asked) => known.get(keyOf(queue))?.at ?? Number.NEGATIVE_INFINITY
      const due = waiting.filter(queue => performance.now() - at(queue) > FRESH_FOR).sort((a, b) => at(a) - at(b))
      await Promise.all(due.slice(0, AT_ONCE).map(ask))
      return queue => known.get(keyOf(queue))?.dead
    },
    /** Checks now, for a queue that is acted on or opened. */
    async now(queue: Asked): Promise<DeadChildren | undefined> {
      if ((queue.counts['waiting-children'] ?? 0) > 0) await ask(queue)
      else known.delete(keyOf(queue))
      return known.get(keyOf(queue))?.dead
    },
  }
}
