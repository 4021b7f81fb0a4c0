import { expect, test } from 'vitest'
import { newId } from '../../../core/ids.ts'
import type { BreakerItem } from '../../fleet/details.ts'
import type { FleetProcess } from '../../fleet/port.ts'
import { ofBreakers } from './attention.ts'

const living = (more: Partial<FleetProcess>): FleetProcess => ({
  id: newId(),
  state: 'up',
  service: 'shop',
  instance: 'shop-1',
  lastBeatAt: 0,
  silentFor: 0,
  details: new Map(),
  ...more,
})

function withBreaker(forced?: 'open') {
  const at = 1
  const item: BreakerItem = {
    name: 'payments',
    computed: { state: 'half-open', since: at },
    effective: forced ?? 'half-open',
    ...(forced ? { forced: { id: newId(), state: forced, reason: 'trial', by: 'ada', since: at } } : {}),
    window: { calls: 3, failures: 3 },
    policy: { kind: 'consecutive', failures: 3 },
    halfOpenAfterMs: 1_000,
    totals: { successes: 0, failures: 3, timeouts: 0, rejected: 0, ignored: 0, opened: 1 },
  }
  return living({ details: new Map([['breakers', { rev: 1, at, items: [item], total: 1 }]]) })
}

const sentences = (...processes: FleetProcess[]) =>
  ofBreakers({ redisNow: 0, skew: 0, processes }).map(({ subject, text }) => `${subject} ${text}`)

test('one process is in the singular', () => {
  expect(sentences(withBreaker())).toEqual(['payments is half-open in 1 of 1 process'])
  expect(sentences(withBreaker('open'))).toEqual(['payments is forced open in 1 of 1 process'])
})

test('a flapping one is the same item whether it is open at the moment or not', () => {
  const flapping = new Map([
    ['payments', { subject: 'payments', places: ['shop-1'], times: 19, since: 0, until: 75_000 }],
  ])
  const closed = withBreaker()
  const item = closed.details.get('breakers')?.items[0] as BreakerItem
  for (const state of ['closed', 'open'] as const) {
    item.computed.state = state
    item.effective = state
    expect(ofBreakers({ redisNow: 0, skew: 0, processes: [closed] }, flapping)).toMatchObject([
      { id: 'breaker:payments', band: 'failing', text: 'is flapping in shop-1: opened 19 times in 75 s' },
    ])
  }
  expect(ofBreakers({ redisNow: 0, skew: 0, processes: [withBreaker('open')] }, flapping)[0]?.text).toMatch(
    /^is forced/,
  )
})
