import { getHeapStatistics } from 'node:v8'
import type { Clock } from '../../core/clock.ts'

/** Bytes the process' heap uses, and the most it may. */
export interface Heap {
  used: number
  limit: number
}

export const processHeap = (): Heap => {
  const { used_heap_size, heap_size_limit } = getHeapStatistics()
  return { used: used_heap_size, limit: heap_size_limit }
}

/** Asking costs a microsecond or two, so not every write does. */
const WRITES_BETWEEN = 64
/** Freed memory shows only after a collection, ms. */
const SETTLING_MS = 1_000
/** It is over when the heap is so far below the share. */
const RELIEF = 0.1

/** Watches the heap whenever entries are written, and says how much memory may still hold. */
export class MemoryPressure {
  readonly share: number
  readonly #read: () => Heap
  readonly #clock: Clock
  #writes = 0
  #changedAt = Number.NEGATIVE_INFINITY
  /** The most bytes in memory for now; undefined without pressure. */
  ceiling: number | undefined
  /** How often memory was shrunk. */
  shrunk = 0

  constructor(share: number, { read, clock }: { read: () => Heap; clock: Clock }) {
    this.share = share
    this.#read = read
    this.#clock = clock
  }

  /** After a write, with the bytes in memory. Halves what it may hold while the heap is too full, and doubles it afterwards. */
  written(bytes: number): void {
    if (++this.#writes % WRITES_BETWEEN !== 0) return
    const now = this.#clock.monotonic()
    if (now - this.#changedAt < SETTLING_MS) return
    const { used, limit } = this.#read()
    if (used > limit * this.share) {
      this.ceiling = Math.floor(bytes / 2)
      this.shrunk++
    } else if (this.ceiling !== undefined && used < limit * (this.share - RELIEF)) {
      // One that holds little needs no ceiling any more.
      this.ceiling = bytes < this.ceiling / 2 ? undefined : this.ceiling * 2
    } else return
    this.#changedAt = now
  }
}
