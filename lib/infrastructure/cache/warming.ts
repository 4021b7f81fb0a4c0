import type { Clock } from '../../core/clock.ts'
import { messageOf } from '../../core/errors.ts'
import type { Entries } from './entries.ts'
import { CacheError, type SetOptions, type WarmerOptions } from './port.ts'
import type { WarmerReport } from './report.ts'

interface Warmer {
  options: WarmerOptions
  report: WarmerReport
  running: Promise<void> | undefined
  /** Names keys and tags as the cache does that it was declared on. */
  named(key: string, options: SetOptions): { full: string; tagged: SetOptions }
}

export interface WarmingParts {
  name: string
  clock: Clock
  entries: Entries
  signal: AbortSignal
  changed(): void
}

/** Fills a cache before it is asked, with what its warmers load. */
export class Warming {
  readonly #parts: WarmingParts
  readonly #warmers = new Map<string, Warmer>()

  constructor(parts: WarmingParts) {
    this.#parts = parts
  }

  add(options: WarmerOptions, named: Warmer['named']): void {
    const { name, atStart = false } = options
    if (this.#warmers.has(name))
      throw new CacheError(`${this.#parts.name} has a warmer named ${name} already`, { code: 'CACHE_EXISTS' })
    this.#warmers.set(name, { options, report: { name, state: 'idle', stored: 0 }, running: undefined, named })
    this.#parts.changed()
    if (atStart) void this.begin(name)
  }

  /** Begins one warmer, or all; one that runs goes on. Resolves when they have ended, whatever the outcome. */
  begin(name: string | undefined): Promise<void> {
    const warmers = name === undefined ? [...this.#warmers.values()] : [this.#warmers.get(name)]
    const [first] = warmers
    if (first === undefined)
      throw new CacheError(`${this.#parts.name} has no warmer ${name ?? 'to run'}`, { code: 'CACHE_OPTIONS' })
    const running = warmers.map(warmer => {
      if (warmer === undefined) return undefined
      warmer.running ??= this.#run(warmer).finally(() => {
        warmer.running = undefined
      })
      return warmer.running
    })
    return Promise.all(running).then(() => undefined)
  }

  reports(): WarmerReport[] {
    return [...this.#warmers.values()].map(({ report }) => ({ ...report }))
  }

  async #run(warmer: Warmer): Promise<void> {
    const { clock, entries, signal, changed } = this.#parts
    const { name, run, concurrency = 8 } = warmer.options
    const report: WarmerReport = { name, state: 'running', stored: 0, startedAt: clock.now() }
    warmer.report = report
    changed()
    const startedAt = clock.monotonic()
    const gate = turns(concurrency)
    try {
      // What was invalidated after this moment may be older in what the warmer loads: it is not stored.
      const { began } = await entries.lookUp([])
      await run({
        signal,
        progress(done, total) {
          report.done = done
          if (total !== undefined) report.total = total
          changed()
        },
        set: (key, value, options = {}) =>
          gate(async () => {
            signal.throwIfAborted()
            const { full, tagged } = warmer.named(key, options)
            const { stored } = await entries.fill(entries.writeOf(full, value, tagged), began, undefined)
            if (stored) report.stored++
            changed()
          }),
      })
      report.state = 'done'
    } catch (error) {
      report.state = 'failed'
      report.error = messageOf(error)
    }
    report.tookMs = Math.round(clock.monotonic() - startedAt)
    changed()
  }
}

/** Runs what it is given, so many at a time, in order. */
function turns(most: number): <T>(act: () => Promise<T>) => Promise<T> {
  let running = 0
  const waiting: (() => void)[] = []
  return async act => {
    if (running >= most) await new Promise<void>(resolve => waiting.push(resolve))
    else running++
    try {
      return await act()
    } finally {
      const next = waiting.shift()
      if (next) next()
      else running--
    }
  }
}
