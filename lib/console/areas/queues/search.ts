import { setTimeout as pause } from 'node:timers/promises'
import type { QueueAddress, QueueServer } from '../../../infrastructure/queue/index.ts'
import { QueueError } from '../../../infrastructure/queue/index.ts'
import { reasonOf } from '../../platform/part/reason.ts'
import type { Search } from './port.ts'

/** The longest part of a scan without a pause, and the time until the next scan: longer where a scan takes long (ms). */
const STRETCH = 5_000
const EVERY = 20_000
const SHARE = 20
const AFTER_TROUBLE = 10_000
/** Prefixes that a declared list leaves out, counted separately. */
const PREFIXES = 10_000
const LISTED = 50

export interface QueueSearch {
  /** All that were ever found, by key. */
  readonly found: ReadonlyMap<string, QueueAddress>
  readonly state: Search
  add(address: QueueAddress): void
  forget(key: string): void
  start(): void
  close(): Promise<void>
}

export const keyOf = ({ prefix, name }: QueueAddress) => `${prefix}:${name}`

/** Searches for queues in the background, repeatedly, so that no page has to scan keys. */
export function queueSearch(
  server: string,
  queues: QueueServer,
  { prefixes, ready, onNews }: { prefixes?: readonly string[] | undefined; ready(): Promise<void>; onNews(): void },
): QueueSearch {
  const found = new Map<string, QueueAddress>()
  const closing = new AbortController()
  let state: Search = { elsewhere: [], elsewhereRest: 0, unreadable: 0 }
  let walking: Promise<void> | undefined

  async function walk() {
    const { signal } = closing
    while (!signal.aborted) {
      const began = performance.now()
      let wait = EVERY
      try {
        await ready()
        await once(signal)
        wait = Math.max(EVERY, (performance.now() - began) * SHARE)
      } catch (error) {
        if (signal.aborted) return
        state = {
          ...state,
          trouble: {
            reason: `The search for queues failed: ${reasonOf(`Redis ${server}`, error)}`,
            ...(error instanceof QueueError && error.nextStep ? { nextStep: error.nextStep } : {}),
          },
        }
        wait = AFTER_TROUBLE
      }
      await pause(wait, undefined, { signal, ref: false }).catch(() => {})
    }
  }

  async function once(signal: AbortSignal) {
    const elsewhere = new Map<string, number>()
    let elsewhereRest = 0
    let unreadable = 0
    let from: string | undefined
    do {
      const part = await queues.find({ ...(prefixes ? { prefixes } : {}), from, budgetMs: STRETCH, signal })
      const before = found.size
      for (const address of part.queues) found.set(keyOf(address), address)
      for (const { prefix, queues: count } of part.elsewhere)
        if (elsewhere.size < PREFIXES || elsewhere.has(prefix))
          elsewhere.set(prefix, (elsewhere.get(prefix) ?? 0) + count)
        else elsewhereRest += count
      elsewhereRest += part.elsewhereRest
      unreadable += part.unreadable
      from = part.next
      if (found.size !== before) onNews()
    } while (from !== undefined && !signal.aborted)
    const most = [...elsewhere]
      .map(([prefix, count]) => ({ prefix, queues: count }))
      .sort((a, b) => b.queues - a.queues || a.prefix.localeCompare(b.prefix))
    state = {
      completedAt: Date.now(),
      elsewhere: most.slice(0, LISTED),
      elsewhereRest: most.slice(LISTED).reduce((sum, { queues: count }) => sum + count, elsewhereRest),
      unreadable,
    }
  }

  return {
    found,
    get state() {
      return state
    },
    add: address => void found.set(keyOf(address), address),
    forget: key => void found.delete(key),
    start() {
      walking ??= walk()
    },
    async close() {
      closing.abort()
      await walking
    },
  }
}
