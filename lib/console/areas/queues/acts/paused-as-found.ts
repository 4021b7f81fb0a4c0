import type { RunOutcome } from '../../../platform/operation/define.ts'
import type { WatchedQueue } from '../port.ts'

/** The outcome of a pause whose console stopped: whether the queue is paused now. */
export const pausedAsFound = (name: string, { paused }: WatchedQueue): RunOutcome =>
  paused
    ? { status: 'succeeded', summary: `${name} is paused.` }
    : { status: 'failed', summary: `${name} is not paused. Nothing was done.` }
