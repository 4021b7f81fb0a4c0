import { expect, test } from 'vitest'
import { collectAttention } from './collect.ts'
import type { AttentionItem, AttentionReport } from './item.ts'

const item = (id: string, more: Partial<AttentionItem> = {}): AttentionItem => ({
  id,
  band: 'failing',
  subject: id,
  text: 'is down',
  detail: '',
  href: id,
  act: 'See',
  ...more,
})
const area = (id: string, report: AttentionReport | Error) => ({
  id,
  title: id,
  judge: () => (report instanceof Error ? Promise.reject(report) : Promise.resolve(report)),
})

test('items of all areas are ranked together: the more severe first, of two equal ones the older', async () => {
  const { items } = await collectAttention(
    [
      area('queues', {
        known: true,
        items: [item('light', { band: 'notice' }), item('young', { since: Date.now() - 10 })],
      }),
      area('breakers', {
        known: true,
        items: [item('heavy', { band: 'outage' }), item('old', { since: Date.now() - 20 })],
      }),
    ],
    { fresh: true },
  )
  expect(items.map(({ id, area }) => `${area}/${id}`)).toEqual([
    'breakers/heavy',
    'breakers/old',
    'queues/young',
    'queues/light',
  ])
})

test('an area that fails is an item of its own, its count is unknown, and the others are as they were', async () => {
  const { items, counts } = await collectAttention(
    [area('queues', new Error('boom')), area('health', { known: true, items: [item('check')] })],
    { fresh: true },
  )
  expect(items.map(({ id, severity }) => [id, severity])).toEqual([
    ['check', 'bad'],
    ['queues:unknown', 'unknown'],
  ])
  expect(counts).toEqual({ queues: null, health: { bad: 1, warning: 0 } })
})

test('a badge counts what an item speaks of, and what is unknown counts as a warning', async () => {
  const { counts } = await collectAttention(
    [
      area('services', {
        known: true,
        items: [item('lost', { count: 3 }), item('late', { band: 'degraded' }), item('new', { band: 'unclear' })],
      }),
      area('caches', { known: false, items: [] }),
    ],
    { fresh: true },
  )
  expect(counts).toEqual({ services: { bad: 3, warning: 2 }, caches: null })
})

test('a badge does not wait for an area whose server hangs: it shows what was found last, or that nothing is known', async () => {
  const last = new Map()
  const hanging = { id: 'redis', title: 'Redis', judge: () => new Promise<never>(() => {}) }
  const first = await collectAttention([hanging], { fresh: false }, last)
  expect(first).toEqual({ items: [], muted: [], counts: { redis: null } })
  await collectAttention([area('redis', { known: true, items: [item('full')] })], { fresh: true }, last)
  const second = await collectAttention([hanging], { fresh: false }, last)
  expect(second.counts).toEqual({ redis: { bad: 1, warning: 0 } })
})
