import { expect, test } from 'vitest'
import type { AttentionItem } from './item.ts'
import { holds, type Mark } from './marks.ts'

const NOW = 1_800_000_000_000
const item: AttentionItem = {
  ...{ id: 'queues:dead-letters', band: 'degraded', subject: 'receipts.send', text: 'has dead letters' },
  ...{ detail: '', href: 'queues', act: 'See', count: 3, since: NOW - 60_000 },
}
const mark = (kind: Mark['kind'], more: Partial<Mark> = {}): Mark => ({
  ...{ kind, by: 'Operator', at: NOW - 1_000, until: NOW + 1_000, band: 'degraded', count: 3 },
  ...more,
})

test.each(['muted', 'acknowledged'] as const)(
  'an item that is %s is shown again when the time is over or it gets worse',
  kind => {
    expect(holds(mark(kind), item, NOW)).toBe(true)
    expect(holds(mark(kind, { until: NOW }), item, NOW)).toBe(false)
    expect(holds(mark(kind), { ...item, count: 4 }, NOW)).toBe(false)
    expect(holds(mark(kind), { ...item, band: 'failing' }, NOW)).toBe(false)
    expect(holds(mark(kind), { ...item, band: 'notice', count: 1 }, NOW)).toBe(true)
  },
)

test('what began after it was acknowledged is new trouble; what is muted stays muted, however often it comes back', () => {
  const again = { ...item, since: NOW - 500 }
  expect(holds(mark('acknowledged'), again, NOW)).toBe(false)
  expect(holds(mark('muted'), again, NOW)).toBe(true)
})
