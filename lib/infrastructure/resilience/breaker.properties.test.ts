import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Breaker, BreakerOpenError, type BreakerReport, type ForcedState } from './port.ts'
import { createBreakerRegistry } from './registry.ts'
import { manualClock } from './resilience.contract.ts'

const FAILURES = 3
const HALF_OPEN_MS = 1_000
const SLOW_MS = 50
const CHANGED_FAILURES = 1
const CHANGED_HALF_OPEN_MS = 400

type Outcome = 'succeed' | 'fail' | 'expected' | 'withdraw' | 'slow'
interface Flight {
  era: number
  role: 'counted' | 'probe' | 'passing'
  settle(outcome: Outcome): Promise<void>
}

/** What the documentation promises, in its simplest form: consecutive failures, one probe, an operator's two overrides. */
class Model {
  computed: 'closed' | 'open' | 'half-open' = 'closed'
  forced: { state: ForcedState; endsAt: number } | undefined
  changed: { endsAt: number } | undefined
  failuresInARow = 0
  openedAt = 0
  era = 0
  probing = false
  totals = { successes: 0, failures: 0, timeouts: 0, rejected: 0, ignored: 0, opened: 0 }

  get failures() {
    return this.changed ? CHANGED_FAILURES : FAILURES
  }
  get waitMs() {
    return this.changed ? CHANGED_HALF_OPEN_MS : HALF_OPEN_MS
  }
  get effective() {
    return this.forced === undefined ? this.computed : this.forced.state === 'open' ? 'open' : 'closed'
  }
  nextEra() {
    this.era++
    this.probing = false
  }
  enter(computed: Model['computed'], now: number) {
    this.computed = computed
    if (computed === 'closed') this.failuresInARow = 0
    if (computed === 'open') {
      this.openedAt = now
      this.totals.opened++
    }
    this.nextEra()
  }
  restorePolicy() {
    if (!this.changed) return
    this.changed = undefined
    this.failuresInARow = 0
    if (this.computed === 'closed') this.nextEra()
  }
  release() {
    if (!this.forced) return
    this.forced = undefined
    this.nextEra()
  }
  expire(now: number) {
    if (this.forced && now >= this.forced.endsAt) this.release()
    if (this.changed && now >= this.changed.endsAt) this.restorePolicy()
  }
  /** The role of the next call, or undefined when it must be rejected. */
  admit(now: number): Flight['role'] | undefined {
    this.expire(now)
    if (this.forced?.state === 'closed') return 'passing'
    const passes = this.forced?.state === 'shadow' ? 'passing' : undefined
    if (this.forced?.state === 'open') return
    if (this.computed === 'closed') return 'counted'
    if (this.computed === 'open') {
      if (now < this.openedAt + this.waitMs) return passes
      this.enter('half-open', now)
    }
    if (this.probing) return passes
    this.probing = true
    return 'probe'
  }
  settle({ era, role }: Flight, outcome: Outcome, now: number) {
    const fails = outcome === 'fail' || outcome === 'slow'
    if (outcome === 'succeed' || outcome === 'slow') this.totals.successes++
    else if (outcome === 'fail') this.totals.failures++
    else this.totals.ignored++
    if (era !== this.era || role === 'passing') return
    if (role === 'probe') {
      if (outcome === 'withdraw') this.probing = false
      else this.enter(fails ? 'open' : 'closed', now)
    } else if (outcome === 'succeed') this.failuresInARow = 0
    else if (fails && ++this.failuresInARow >= this.failures) this.enter('open', now)
  }
}

/** The breaker and its model through the same events; every step compares them. */
class Pair {
  readonly clock = manualClock()
  readonly model = new Model()
  readonly breaker: Breaker
  readonly flights: Flight[] = []
  readonly registry = createBreakerRegistry({ clock: this.clock })

  constructor() {
    this.breaker = this.registry.create({
      name: 'any',
      policy: { kind: 'consecutive', failures: FAILURES },
      halfOpenAfterMs: HALF_OPEN_MS,
      slowCallMs: SLOW_MS,
      slowCallsFail: true,
      expected: ['EXPECTED'],
    })
  }

  async start() {
    const role = this.model.admit(this.clock.monotonic())
    const { era } = this.model
    const caller = new AbortController()
    const answer = Promise.withResolvers<void>()
    let made = false
    const call = this.breaker.execute(
      () => {
        made = true
        return answer.promise
      },
      { signal: caller.signal },
    )
    const ended = call.catch((error: unknown) => error)
    // Never a call through while it is open, and none held back while it is not.
    expect(made).toBe(role !== undefined)
    if (role === undefined) {
      expect(await ended).toBeInstanceOf(BreakerOpenError)
      this.model.totals.rejected++
      return
    }
    const begun = this.clock.monotonic()
    const settle = async (outcome: Outcome) => {
      if (outcome === 'slow') this.clock.advance(SLOW_MS + 1)
      if (outcome === 'withdraw') caller.abort()
      if (outcome === 'fail') answer.reject(new Error('down'))
      else if (outcome === 'expected') answer.reject(Object.assign(new Error('no'), { code: 'EXPECTED' }))
      else if (outcome === 'withdraw') answer.reject(caller.signal.reason)
      else answer.resolve()
      await ended
      // A call that was in flight for long is slow, whatever it was to be.
      const isSlow = outcome === 'succeed' && this.clock.monotonic() - begun > SLOW_MS
      this.model.settle(flight, isSlow ? 'slow' : outcome, this.clock.monotonic())
    }
    const flight: Flight = { era, role, settle }
    this.flights.push(flight)
  }

  async settle(index: number, outcome: Outcome) {
    const [flight] = this.flights.splice(index % Math.max(1, this.flights.length), 1)
    await flight?.settle(outcome)
  }

  act(event: Exclude<Event, { kind: 'start' | 'settle' }>) {
    const { breaker, clock, model } = this
    const now = clock.monotonic()
    if (event.kind !== 'advance') model.expire(now)
    switch (event.kind) {
      case 'advance':
        clock.advance(event.ms)
        break
      case 'force':
        breaker.force({ id: '1', by: 'ada', reason: 'r', state: event.state, remainingMs: event.ms })
        model.forced = { state: event.state, endsAt: now + event.ms }
        model.nextEra()
        break
      case 'release':
        expect(breaker.release()).toBe(model.forced !== undefined)
        model.release()
        break
      case 'reset':
        breaker.reset()
        model.failuresInARow = 0
        model.computed = 'closed'
        model.nextEra()
        break
      case 'change':
        breaker.changePolicy({
          id: '1',
          by: 'ada',
          reason: 'r',
          policy: { kind: 'consecutive', failures: CHANGED_FAILURES },
          halfOpenAfterMs: CHANGED_HALF_OPEN_MS,
          remainingMs: event.ms,
        })
        model.changed = { endsAt: now + event.ms }
        model.failuresInARow = 0
        if (model.computed === 'closed') model.nextEra()
        break
      case 'restore':
        expect(breaker.restorePolicy()).toBe(model.changed !== undefined)
        model.restorePolicy()
        break
    }
  }

  compare() {
    this.model.expire(this.clock.monotonic())
    const report = this.breaker.report()
    expect({
      computed: report.computed.state,
      effective: report.effective,
      failures: report.window.failures,
      totals: report.totals,
      isForced: report.forced !== undefined,
      isChanged: report.policyOverride !== undefined,
    }).toEqual({
      computed: this.model.computed,
      effective: this.model.effective,
      failures: this.model.computed === 'closed' ? this.model.failuresInARow : report.window.failures,
      totals: this.model.totals,
      isForced: this.model.forced !== undefined,
      isChanged: this.model.changed !== undefined,
    })
    this.compareStatistics(report)
    const probes = this.flights.filter(({ era, role }) => role === 'probe' && era === this.model.era)
    expect(probes.length).toBeLessThanOrEqual(1)
  }

  /** Nothing here lasts a minute, so the statistics and the totals count the same calls. */
  compareStatistics({ stats, totals }: BreakerReport) {
    if (this.clock.monotonic() >= 50_000 || stats === undefined) return
    expect(stats.calls).toBe(totals.successes + totals.failures + totals.ignored)
    expect(stats).toMatchObject({ failures: totals.failures, rejected: totals.rejected, ignored: totals.ignored })
    expect(stats.failureClasses.reduce((sum, { count }) => sum + count, 0)).toBe(totals.failures)
  }
}

const outcome = fc.constantFrom<Outcome>('succeed', 'fail', 'fail', 'expected', 'withdraw', 'slow')
const ms = fc.constantFrom(1, 100, 399, 400, 999, 1_000, 3_000)
const start = fc.record({ kind: fc.constant('start' as const) })
const settle = fc.record({ kind: fc.constant('settle' as const), index: fc.nat(5), outcome })
const event = fc.oneof(
  { weight: 6, arbitrary: start },
  { weight: 6, arbitrary: settle },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('advance' as const), ms }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('force' as const),
      state: fc.constantFrom<ForcedState>('open', 'closed', 'shadow'),
      ms,
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('change' as const), ms }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constantFrom('release' as const, 'reset', 'restore') }) },
)
type Event = typeof event extends fc.Arbitrary<infer T> ? T : never

test('whatever happens in whatever order, the breaker is where its model is', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(event, { maxLength: 60, size: 'max' }), async events => {
      const pair = new Pair()
      for (const event of events) {
        if (event.kind === 'start') await pair.start()
        else if (event.kind === 'settle') await pair.settle(event.index, event.outcome)
        else pair.act(event)
        pair.compare()
      }
      // Results that come late, after all that, keep to the rules too.
      while (pair.flights.length > 0) {
        await pair.settle(0, 'fail')
        pair.compare()
      }
    }),
    { numRuns: 400 },
  )
})
