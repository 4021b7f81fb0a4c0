import { expect, test } from 'vitest'
import { newId } from '../../../core/ids.ts'
import { createBreakerRegistry } from '../../../infrastructure/resilience/index.ts'
import type { FleetProcess, FleetSnapshot } from '../../fleet/port.ts'
import { breakersOf } from './collect.ts'

const AHEAD_MS = 5_000

/** A process whose clock is ahead, with these reports as they arrive: as JSON. */
function snapshotOf(reports: unknown[]): FleetSnapshot {
  const items = JSON.parse(JSON.stringify(reports))
  const process: FleetProcess = {
    id: newId(),
    state: 'up',
    service: 'shop',
    instance: 'shop-1',
    lastBeatAt: 0,
    silentFor: 0,
    skew: AHEAD_MS,
    details: new Map([['breakers', { rev: 1, at: 1, items, total: items.length }]]),
  }
  return { redisNow: 0, skew: 0, processes: [process] }
}

async function report() {
  const breaker = createBreakerRegistry().create({
    name: 'payments',
    policy: { kind: 'count', threshold: 0.5, size: 10 },
    halfOpenAfterMs: 1_000,
    slowCallMs: 200,
  })
  const refused = Object.assign(new Error('connection refused'), { code: 'ECONNREFUSED' })
  await breaker.execute(() => 1)
  await breaker.execute(() => Promise.reject(refused)).catch(() => undefined)
  breaker.changePolicy({ id: newId(), by: 'ada', reason: 'trial', halfOpenAfterMs: 5_000, remainingMs: 60_000 })
  return breaker.report()
}

test('statistics, a changed policy and what is unsupported are passed on, with times on the console’s clock', async () => {
  const sent = await report()
  const [here] = breakersOf(snapshotOf([{ ...sent, unsupported: ['shadow'] }]))
  expect(here).toMatchObject({
    slowCallMs: 200,
    slowCallsFail: false,
    unsupported: ['shadow'],
    stats: {
      ...sent.stats,
      failureClasses: [{ code: 'ECONNREFUSED', count: 1, at: (sent.stats?.failureClasses[0]?.at ?? 0) - AHEAD_MS }],
    },
    policyOverride: {
      by: 'ada',
      since: (sent.policyOverride?.since ?? 0) - AHEAD_MS,
      until: (sent.policyOverride?.until ?? 0) - AHEAD_MS,
      declared: { halfOpenAfterMs: 1_000 },
    },
  })
})

test('a report of an older library, and one whose additions are not as expected, are shown without them', async () => {
  const { stats: _stats, policyOverride: _override, ...older } = await report()
  const odd = { ...older, name: 'odd', stats: { calls: 'many' }, policyOverride: 7, unsupported: 'shadow' }
  for (const here of breakersOf(snapshotOf([older, odd]))) {
    expect(here).toMatchObject({ effective: 'closed', window: { calls: 0 } })
    expect(here.stats).toBeUndefined()
    expect(here.policyOverride).toBeUndefined()
    expect(here.unsupported).toBeUndefined()
  }
  expect(breakersOf(snapshotOf([older, odd])).map(({ breaker }) => breaker)).toEqual(['payments', 'odd'])
})
