import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Clock } from '../../core/clock.ts'
import type { Breaker, BreakerTransition, ForceOptions } from './port.ts'

/** A breaker under test, with a dependency that answers or fails on request. It opens after `tripsAfter` failures in a row. */
export interface BreakerUnderTest {
  breaker: Breaker
  tripsAfter: number
  /** One call through the breaker as its users make it; resolves or rejects like the call. */
  call(outcome: 'ok' | Error): Promise<unknown>
  /** Lets the half-open time pass. */
  untilProbe(): void | Promise<void>
  transitions: BreakerTransition[]
  can: { shadow: boolean; forceClosed: boolean; keepsComputed: boolean; changePolicy: boolean }
  close?(): void
}

export function manualClock(start = 1_700_000_000_000): Clock & { advance(ms: number): void } {
  let passed = 0
  return {
    now: () => start + passed,
    monotonic: () => passed,
    advance(ms) {
      passed += ms
    },
  }
}

export const hold = (overrides: Partial<ForceOptions> = {}): ForceOptions => ({
  id: 'hold-1',
  state: 'open',
  reason: 'the dependency asked for quiet',
  by: 'ada',
  ...overrides,
})

/** What every breaker in the registry guarantees, whichever library it is from. */
export function breakerContract(name: string, setup: () => BreakerUnderTest): void {
  describe(`${name} keeps the breaker contract`, () => {
    let it: BreakerUnderTest
    beforeEach(() => {
      it = setup()
    })
    afterEach(() => it.close?.())

    const trip = async () => {
      for (let i = 0; i < it.tripsAfter; i++) await it.call(new Error('down')).catch(() => undefined)
    }

    test('passes results and errors through while closed, and counts them', async () => {
      await it.call('ok')
      const error = new Error('no such luck')
      await expect(it.call(error)).rejects.toBe(error)
      expect(it.breaker.report()).toMatchObject({
        computed: { state: 'closed' },
        effective: 'closed',
        totals: { successes: 1, failures: 1, rejected: 0 },
        lastFailure: { message: 'no such luck' },
      })
    })

    test('opens at the threshold, rejects, then closes after a good probe', async () => {
      await trip()
      expect(it.breaker.state).toBe('open')
      const before = it.breaker.report()
      expect(before.totals.opened).toBe(1)
      expect(before.probeAt).toBe(before.computed.since + before.halfOpenAfterMs)
      await expect(it.call('ok')).rejects.toThrow()
      expect(it.breaker.report().totals).toMatchObject({ successes: 0, rejected: 1 })
      await it.untilProbe()
      await it.call('ok')
      expect(it.breaker.state).toBe('closed')
      expect(it.transitions.map(({ from, to, cause }) => `${from} > ${to}: ${cause}`)).toEqual([
        'closed > open: threshold',
        'open > half-open: probe',
        'half-open > closed: probe-succeeded',
      ])
    })

    test('opens again after a bad probe', async () => {
      await trip()
      await it.untilProbe()
      await expect(it.call(new Error('still down'))).rejects.toThrow('still down')
      expect(it.breaker.report()).toMatchObject({ effective: 'open', totals: { opened: 2 } })
      expect(it.transitions.at(-1)).toMatchObject({ from: 'half-open', to: 'open', cause: 'probe-failed' })
    })

    test('is held open until released by the same id', async () => {
      it.breaker.force(hold())
      await expect(it.call('ok')).rejects.toThrow()
      await it.untilProbe()
      await expect(it.call('ok')).rejects.toThrow()
      expect(it.breaker.report()).toMatchObject({
        effective: 'open',
        computed: { state: 'closed', frozenSince: expect.any(Number) },
        forced: { id: 'hold-1', state: 'open', reason: 'the dependency asked for quiet', by: 'ada' },
      })
      expect(it.breaker.release('someone-elses')).toBe(false)
      expect(it.breaker.state).toBe('open')
      expect(it.breaker.release('hold-1')).toBe(true)
      expect(it.breaker.release()).toBe(false)
      await it.call('ok')
      expect(it.breaker.report().forced).toBeUndefined()
      expect(it.transitions.map(t => `${t.to}: ${t.cause}`)).toEqual(['open: forced', 'closed: released'])
    })

    test('reset closes an open breaker', async () => {
      await trip()
      it.breaker.reset()
      expect(it.breaker.state).toBe('closed')
      await it.call('ok')
      expect(it.transitions.at(-1)).toMatchObject({ from: 'open', to: 'closed', cause: 'reset' })
    })

    test('is held closed through failures and has its earlier state afterwards, or refuses with UnsupportedError', async () => {
      if (!it.can.forceClosed) {
        expect(() => it.breaker.force(hold({ state: 'closed' }))).toThrow(
          expect.objectContaining({ code: 'UNSUPPORTED' }),
        )
        return
      }
      await trip()
      it.breaker.force(hold({ state: 'closed' }))
      for (let i = 0; i < it.tripsAfter * 2; i++) await expect(it.call(new Error('down'))).rejects.toThrow('down')
      await it.call('ok')
      expect(it.breaker.report()).toMatchObject({ effective: 'closed', computed: { state: 'open' } })
      it.breaker.release()
      expect(it.breaker.state).toBe('open')
    })

    test('in shadow lets every call pass and still computes, or refuses with UnsupportedError', async () => {
      if (!it.can.shadow) {
        expect(() => it.breaker.force(hold({ state: 'shadow' }))).toThrow(
          expect.objectContaining({ code: 'UNSUPPORTED' }),
        )
        expect(it.breaker.report().forced).toBeUndefined()
        return
      }
      it.breaker.force(hold({ state: 'shadow' }))
      await trip()
      expect(it.breaker.report()).toMatchObject({ effective: 'closed', computed: { state: 'open' } })
      expect(it.breaker.report().computed.frozenSince).toBeUndefined()
      await it.call('ok')
      expect(it.breaker.report().computed.state).toBe('open')
      await it.untilProbe()
      await it.call('ok')
      expect(it.breaker.report().computed.state).toBe('closed')
    })

    test('counts its calls of the last minute, with their failures by class', async () => {
      await it.call('ok')
      await expect(it.call(Object.assign(new Error('no such luck'), { code: 'EUNLUCKY' }))).rejects.toThrow()
      it.breaker.force(hold())
      await expect(it.call('ok')).rejects.toThrow()
      const { stats } = it.breaker.report()
      expect(stats).toMatchObject({ calls: 2, failures: 1, rejected: 1, ignored: 0, otherFailures: 0 })
      expect(stats?.failureClasses).toMatchObject([
        { name: 'Error', code: 'EUNLUCKY', count: 1, message: 'no such luck' },
      ])
      expect(stats?.latencyMs?.p99).toBeGreaterThan(0)
    })

    test('changes its policy until that is restored, or refuses with UnsupportedError', async () => {
      const { policy } = it.breaker.report()
      const stricter = { kind: 'consecutive', failures: 1 } as const
      const change = () => it.breaker.changePolicy({ id: 'change-1', by: 'ada', reason: 'r', policy: stricter })
      if (!it.can.changePolicy) {
        expect(change).toThrow(expect.objectContaining({ code: 'UNSUPPORTED' }))
        expect(it.breaker.restorePolicy()).toBe(false)
        return
      }
      change()
      expect(it.breaker.restorePolicy('someone-elses')).toBe(false)
      await it.call(new Error('down')).catch(() => undefined)
      expect(it.breaker.report()).toMatchObject({ effective: 'open', policy: stricter })
      expect(it.breaker.restorePolicy('change-1')).toBe(true)
      expect(it.breaker.report()).toMatchObject({ effective: 'open', policy })
    })

    test('reports what it would refuse', () => {
      const { unsupported = [] } = it.breaker.report()
      expect(unsupported.includes('shadow')).toBe(!it.can.shadow)
      expect(unsupported.includes('force-closed')).toBe(!it.can.forceClosed)
      expect(unsupported.includes('change-policy')).toBe(!it.can.changePolicy)
      expect(unsupported.includes('reset')).toBe(false)
    })

    test('a forced-open state shows over an open computed one', async () => {
      if (!it.can.keepsComputed) return
      await trip()
      it.breaker.force(hold())
      await expect(it.call('ok')).rejects.toThrow()
      it.breaker.release()
      expect(it.breaker.report().computed.state).toBe('open')
    })
  })
}
