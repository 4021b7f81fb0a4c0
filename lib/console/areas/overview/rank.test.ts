import { expect, test } from 'vitest'
import { newId } from '../../../core/ids.ts'
import type { BreakerItem } from '../../fleet/details.ts'
import type { FleetProcess } from '../../fleet/port.ts'
import { rankAttention } from './rank.ts'

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

function sentences(...processes: FleetProcess[]): string[] {
  const items = rankAttention({
    fleet: { status: 'up', at: 0, data: { redisNow: 0, skew: 0, processes } },
    own: [],
    targets: [],
    queues: [],
    standings: [],
  })
  return items.map(({ subject, text }) => `${subject} ${text}`)
}

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

test('one process is spoken of as one', () => {
  expect(sentences(living({ skew: 2_000 }))).toEqual(['1 process has a clock more than a second off'])
  expect(sentences(living({ unsupported: 9 }))).toEqual(['1 process speaks a protocol newer than this console'])
  expect(sentences(living({ skew: 2_000 }), living({ skew: 3_000 }))).toEqual([
    '2 processes have clocks more than a second off',
  ])
  expect(sentences(withBreaker())).toEqual(['payments is half-open in 1 of 1 process'])
  expect(sentences(withBreaker('open'))).toEqual(['payments is forced open in 1 of 1 process'])
})
