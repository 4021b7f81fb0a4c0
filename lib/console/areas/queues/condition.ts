import type { WatchedQueue } from './port.ts'

/** A queue backs up if its oldest waiting job has waited longer than this (ms), and badly if longer than the second. */
export const BACKING_UP = 2 * 60_000
export const BACKED_UP_BADLY = 15 * 60_000

export type Trouble =
  /** Jobs wait and no worker is connected to take them. */
  | 'no-workers'
  /** Active jobs have lost their worker. */
  | 'orphaned'
  /** Parents wait for dead letters: they stay until those are replayed and completed. */
  | 'dead-children'
  /** Jobs became dead letters in the last ten minutes. */
  | 'dead-letters'
  | 'backing-up'
  | 'paused'
  /** Jobs are in the paused list though the queue is not paused, or its major no longer reads that list. */
  | 'left-behind'

/** The most severe first. */
export const TROUBLES = [
  'no-workers',
  'orphaned',
  'left-behind',
  'dead-children',
  'dead-letters',
  'backing-up',
  'paused',
] as const satisfies Trouble[]

/** The state of a queue in one word. `waiting`: there is work, and nothing shows that it is being done. */
export type QueueState = 'working' | 'waiting' | 'paused' | 'idle' | 'unknown'

/** Jobs that could be worked on now; undefined when a part of the sum is unknown. */
export function waitingOf({ counts }: Pick<WatchedQueue, 'counts'>): number | undefined {
  const { waiting, prioritized } = counts
  return waiting === undefined || prioritized === undefined ? undefined : waiting + prioritized
}

export function stateOf(queue: WatchedQueue): QueueState {
  if (queue.paused) return 'paused'
  const waiting = waitingOf(queue)
  const { active } = queue.counts
  if (waiting === undefined || active === undefined) return 'unknown'
  // The oldest ones were checked: beyond those, work is not ruled out.
  if (active > (queue.orphans ?? 0) || (queue.rate.known && queue.rate.value.completed + queue.rate.value.failed > 0))
    return 'working'
  return waiting > 0 ? 'waiting' : 'idle'
}

/** The problems of a queue that need attention, the most severe first. */
export function troublesOf(queue: WatchedQueue, now = Date.now()): Trouble[] {
  const { paused, waitingSince, failedLately = 0, inPausedList, workers, writer } = queue
  const troubles: Trouble[] = []
  const waiting = waitingOf(queue) ?? 0
  if (!paused && waiting > 0 && workers.known && workers.value.length === 0) troubles.push('no-workers')
  if (queue.orphans) troubles.push('orphaned')
  if (inPausedList > 0 && (!paused || writer.major === 6)) troubles.push('left-behind')
  if (queue.deadChildren) troubles.push('dead-children')
  if (failedLately > 0) troubles.push('dead-letters')
  if (!paused && waitingSince !== undefined && now - waitingSince > BACKING_UP) troubles.push('backing-up')
  if (paused) troubles.push('paused')
  return troubles
}
