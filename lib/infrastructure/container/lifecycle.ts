import { type Clock, systemClock } from '../../core/clock.ts'
import { messageOf } from '../../core/errors.ts'
import { maskUrl } from '../config/index.ts'
import { withDeadline } from './deadline.ts'
import { type Container, type Part, PartDownError, PartExistsError, PartMissingError, type PartStatus } from './port.ts'
import { shutDown } from './shutdown.ts'

/** What an adapter does: creates each value once, with those it needs. */
export interface PartResolver {
  register(name: string, needs: readonly string[], create: (parts: Record<string, unknown>) => unknown): void
  /** The value, created on the first call; the same promise until `forget`. */
  resolve(name: string): Promise<unknown>
  forget(name: string): void
}

export interface ContainerOptions {
  /** Time between attempts to start a part that failed: doubles from the first to the last. Default 1 s to 30 s. */
  retry?: { firstMs: number; lastMs: number }
  clock?: Clock
}

/** A part while the program runs. */
export interface Running {
  readonly name: string
  readonly part: Part<Record<string, unknown>, string, unknown>
  status: PartStatus
  created?: { value: unknown }
  creation?: Promise<unknown>
  /** The first attempt; parts that need this one wait for its end. */
  tried?: Promise<void>
  attempting: boolean
  failures: number
  retry?: NodeJS.Timeout
}

/** The port on top of a resolver: order, deadlines, retries, states. */
export function containerOn(resolver: PartResolver, options: ContainerOptions = {}): Container<object> {
  const { retry = { firstMs: 1000, lastMs: 30_000 }, clock = systemClock } = options
  const parts = new Map<string, Running>()
  const listeners = new Set<(status: PartStatus) => void>()
  const stopping = new AbortController()
  let stopped: ReturnType<Container<object>['stop']> | undefined

  function find(name: string): Running {
    const found = parts.get(name)
    if (!found) throw new PartMissingError(`There is no part ${name}`)
    return found
  }

  function set(running: Running, change: Pick<PartStatus, 'state'> & Partial<PartStatus>) {
    const { name, attempts, needs } = running.status
    running.status = { name, needs, attempts, since: clock.now(), ...change }
    for (const listener of listeners) {
      try {
        listener(running.status)
      } catch {
        // An error of a listener must not affect the part.
      }
    }
  }

  /** Starts the part for the first time, after those it needs. All callers share one attempt. */
  function bring(running: Running): Promise<void> {
    running.tried ??= (async () => {
      const { needs = [], requires = [] } = running.part
      await Promise.all([...needs, ...requires].map(name => bring(find(name))))
      await attempt(running)
    })()
    return running.tried
  }

  function blockedBy({ part: { needs = [], requires = [] } }: Running): string | undefined {
    return needs.find(name => !find(name).created) ?? requires.find(name => find(name).status.state !== 'up')
  }

  async function attempt(running: Running): Promise<void> {
    if (stopping.signal.aborted || running.attempting || running.status.state === 'up') return
    clearTimeout(running.retry)
    const blocker = blockedBy(running)
    if (blocker) return set(running, { state: 'waiting', reason: `waits for ${blocker}` })
    running.attempting = true
    set(running, { state: 'starting', attempts: running.status.attempts + 1 })
    const { name, part } = running
    const late = () => running.status.state === 'down' && succeed(running)
    try {
      const limit = part.startTimeoutMs ?? 10_000
      await withDeadline(name, limit, signal => createAndStart(running, signal), { outer: stopping.signal, late })
      succeed(running)
    } catch (error) {
      if (!stopping.signal.aborted) fail(running, error)
    } finally {
      running.attempting = false
    }
    reconsider()
  }

  async function createAndStart(running: Running, signal: AbortSignal) {
    if (!running.created) {
      running.creation ??= resolver.resolve(running.name)
      try {
        running.created = { value: await running.creation }
      } catch (error) {
        // Only a creation that ended is started again: one that hangs may still finish.
        running.creation = undefined
        resolver.forget(running.name)
        throw error
      }
    }
    // It may have finished after its deadline; shutdown then closes what was created.
    signal.throwIfAborted()
    await running.part.start?.(running.created.value, signal)
  }

  function succeed(running: Running) {
    if (stopping.signal.aborted) return
    clearTimeout(running.retry)
    running.failures = 0
    set(running, { state: 'up' })
    reconsider()
  }

  function fail(running: Running, error: unknown) {
    const wait = Math.min(retry.firstMs * 2 ** running.failures, retry.lastMs)
    running.failures += 1
    running.retry = setTimeout(() => void attempt(running), wait).unref()
    set(running, { state: 'down', reason: maskUrl(messageOf(error)), nextAttemptAt: clock.now() + wait })
  }

  /** Starts the parts that were waiting and no longer have to. */
  function reconsider() {
    for (const each of parts.values()) if (each.status.state === 'waiting' && !blockedBy(each)) void attempt(each)
  }

  const container: Container<Record<string, unknown>> = {
    add(name, part) {
      if (parts.has(name)) throw new PartExistsError(`There is already a part ${name}`)
      const needs: readonly string[] = part.needs ?? []
      const missing = [...needs, ...(part.requires ?? [])].find(need => !parts.has(need))
      if (missing) throw new PartMissingError(`${name} needs ${missing}, which was not added before it`)
      resolver.register(name, needs, given => part.create(given as never))
      const status: PartStatus = { name, state: 'idle', since: clock.now(), attempts: 0, needs }
      parts.set(name, { name, part: part as Running['part'], status, attempting: false, failures: 0 })
      return container as never
    },
    async get(name) {
      const running = find(name)
      if (stopping.signal.aborted) throw new PartDownError(`${name} is not available: the program is shutting down`)
      await bring(running)
      if (running.created) return running.created.value
      const reason = running.status.reason ?? 'it could not be created'
      throw new PartDownError(`${name} is not available: ${reason}`, { retryable: true })
    },
    async start() {
      await Promise.all([...parts.values()].filter(each => !each.part.lazy).map(bring))
      return container.status()
    },
    stop({ deadlineMs = 15_000 } = {}) {
      if (!stopped) {
        stopping.abort()
        for (const each of parts.values()) clearTimeout(each.retry)
        stopped = shutDown([...parts.values()], { deadlineMs, clock, set })
      }
      return stopped
    },
    status: () => [...parts.values()].map(each => each.status),
    onChange(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
  return container
}
