import { type Clock, systemClock } from '../../core/clock.ts'
import { type BreakerRegistry, Hold, type HoldOptions } from '../resilience/index.ts'
import { GivenUp } from './give-up.ts'
import type { WorkerReport } from './port.ts'

/** How long a job that was taken although it is held back waits before it is returned (ms): a worker that is being paused may take some. */
const RETURN_AFTER_MS = 100
/** The breaker's own clock is finer than the time that it reports. */
const ROUNDING_MS = 2
/** After its dependencies are back a worker begins slowly for this long (ms). */
const RAMP_MS = 10_000
const RESUME_PER_SECOND = 5
/** setTimeout's own limit, in ms: a longer wait would end at once. */
const LONGEST_TIMER = 2 ** 31 - 1

export interface DependencyGateOptions {
  breakers: Pick<BreakerRegistry, 'get' | 'onTransition'>
  /** Names of breakers. One that this process does not have holds nothing back. */
  dependsOn: readonly string[]
  /** Jobs that begin a second, in the first ten seconds after they are back; 5 when absent. */
  resumePerSecond?: number
  clock?: Clock
  /** Whether jobs may be taken has changed. */
  onChange(): void
}

type Standing = { state: 'free' } | { state: 'held' | 'probing'; breaker: string }

/**
 * Holds jobs back while a breaker that they depend on is open: jobs that fail at once only spend their attempts. When a probe is
 * due one job is let through to make it; the others wait for its outcome. An operator may let jobs through anyway.
 */
export class DependencyGate {
  readonly #options: DependencyGateOptions
  readonly #clock: Clock
  readonly #hold: Hold<object>
  readonly #waiting = new Set<() => void>()
  readonly #unlisten: () => void
  #standing: Standing = { state: 'free' }
  #since: number
  #timer: NodeJS.Timeout | undefined
  #probing = false
  #rampUntil = Number.NEGATIVE_INFINITY
  #nextAt = 0
  #closed = false

  constructor(options: DependencyGateOptions) {
    this.#options = options
    this.#clock = options.clock ?? systemClock
    this.#since = this.#clock.now()
    this.#hold = new Hold(this.#clock, () => this.mind())
    this.#unlisten = options.breakers.onTransition(({ breaker }) => {
      if (options.dependsOn.includes(breaker)) this.#look()
    })
    this.#look()
  }

  get isHeld(): boolean {
    return this.#standing.state === 'held'
  }

  /**
   * Waits until a job may begin; resolves with what to call when it has ended. Rejects with GivenUp, so that the job is
   * returned to its queue without losing an attempt, when it is held back or the signal aborts.
   */
  async enter(signal: AbortSignal): Promise<() => void> {
    if (this.#standing.state === 'held') await this.#change(signal, RETURN_AFTER_MS)
    for (;;) {
      if (signal.aborted || this.#standing.state === 'held') throw heldBack()
      if (this.#standing.state === 'free') {
        await this.#pace(signal)
        if (!signal.aborted && this.#standing.state === 'free') return () => {}
      } else if (!this.#probing) {
        this.#probing = true
        return () => {
          this.#probing = false
          this.#wake()
        }
      } else await this.#change(signal)
    }
  }

  /** Whether jobs wait for this breaker now; not while an operator lets them through. */
  isFor(breaker: string): boolean {
    return this.#hold.current === undefined && this.#options.dependsOn.includes(breaker)
  }

  /** Rejects with GivenUp after a moment: a job that is returned at once would be taken again at once. */
  async giveBack(signal: AbortSignal): Promise<never> {
    await this.#change(signal, RETURN_AFTER_MS)
    throw heldBack()
  }

  /** Lets jobs through whatever the breakers say, until ended or expired. */
  ignore(options: HoldOptions): void {
    this.#hold.begin({}, options)
    this.#look()
    // Its report has changed also where nothing was held back.
    this.#options.onChange()
  }

  /** Ends that. With an id, only that one: false when another, or none, is in force. */
  mind(id?: string): boolean {
    if (!this.#hold.isHeldBy(id)) return false
    this.#hold.end()
    this.#look()
    this.#options.onChange()
    return true
  }

  report(): Pick<WorkerReport, 'dependsOn' | 'heldBy' | 'ignoring'> {
    this.#hold.check()
    const standing = this.#standing
    const { current } = this.#hold
    return {
      dependsOn: [...this.#options.dependsOn],
      ...(standing.state === 'free'
        ? {}
        : { heldBy: { breaker: standing.breaker, since: this.#since, probing: standing.state === 'probing' } }),
      ...(current ? { ignoring: current } : {}),
    }
  }

  close(): void {
    this.#closed = true
    this.#unlisten()
    clearTimeout(this.#timer)
    this.#hold.end()
    this.#wake()
  }

  #look(): void {
    if (this.#closed) return
    clearTimeout(this.#timer)
    const before = this.#standing
    this.#standing = this.#evaluate()
    const after = this.#standing
    if (
      before.state === after.state &&
      ('breaker' in before ? before.breaker : '') === ('breaker' in after ? after.breaker : '')
    )
      return
    this.#since = this.#clock.now()
    if (after.state === 'free') {
      this.#rampUntil = this.#clock.monotonic() + RAMP_MS
      // Those that had waited for a turn in an earlier ramp have been woken.
      this.#nextAt = 0
    }
    this.#options.onChange()
    this.#wake()
  }

  /** The most severe of what its breakers say; also sets the time at which to look again. */
  #evaluate(): Standing {
    if (this.#hold.current) return { state: 'free' }
    let probing: Standing | undefined
    for (const name of this.#options.dependsOn) {
      const report = this.#options.breakers.get(name)?.report()
      if (!report || report.effective === 'closed') continue
      const probeIn =
        report.probeAt === undefined ? Number.POSITIVE_INFINITY : report.probeAt + ROUNDING_MS - this.#clock.now()
      if (report.effective === 'open' && (report.forced || probeIn > 0)) {
        if (!report.forced && Number.isFinite(probeIn)) {
          this.#timer = setTimeout(() => this.#look(), Math.min(probeIn, LONGEST_TIMER))
          this.#timer.unref()
        }
        return { state: 'held', breaker: name }
      }
      probing ??= { state: 'probing', breaker: name }
    }
    return probing ?? { state: 'free' }
  }

  /** Spreads what begins in the first seconds, so that a dependency that is just back is not met by all at once. */
  async #pace(signal: AbortSignal): Promise<void> {
    const now = this.#clock.monotonic()
    if (now >= this.#rampUntil) return
    const every = 1_000 / (this.#options.resumePerSecond ?? RESUME_PER_SECOND)
    const at = Math.max(now, this.#nextAt)
    this.#nextAt = at + every
    // Woken by other jobs, too, it still waits for its time.
    while (!this.#closed && !signal.aborted && this.#standing.state === 'free') {
      const left = at - this.#clock.monotonic()
      if (left <= 0) return
      await this.#change(signal, left)
    }
  }

  /** Resolves at the next change, after `ms`, or when the signal aborts. */
  #change(signal: AbortSignal, ms?: number): Promise<void> {
    return new Promise(resolve => {
      const done = () => {
        clearTimeout(timer)
        signal.removeEventListener('abort', done)
        this.#waiting.delete(done)
        resolve()
      }
      const timer = ms === undefined ? undefined : setTimeout(done, ms)
      signal.addEventListener('abort', done, { once: true })
      this.#waiting.add(done)
    })
  }

  #wake(): void {
    for (const done of [...this.#waiting]) done()
  }
}

const heldBack = () => new GivenUp('The job is held back')
