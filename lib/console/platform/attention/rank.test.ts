import { expect, test } from 'vitest'
import type { AttentionItem } from './item.ts'
import { byRank } from './rank.ts'

const MINUTE = 60_000
const NOW = 1_000 * MINUTE
const item = (id: string, more: Partial<AttentionItem>): AttentionItem => ({
  id,
  band: 'failing',
  subject: id,
  text: '',
  detail: '',
  href: '',
  act: '',
  ...more,
})
const ago = (minutes: number) => NOW - minutes * MINUTE
const ranked = (...items: AttentionItem[]) => items.toSorted(byRank(NOW)).map(({ id }) => id)

test('a more severe band comes first, however old it is', () => {
  expect(
    ranked(
      item('notice', { band: 'notice', since: NOW }),
      item('outage', { band: 'outage', since: ago(900) }),
      item('failing', { share: 1, since: NOW }),
      item('blind', { band: 'blind' }),
    ),
  ).toEqual(['blind', 'outage', 'failing', 'notice'])
})

test('half of a service lost a minute ago comes before one job that has waited for an hour and a half', () => {
  expect(
    ranked(item('idle-queue', { share: 0.1, since: ago(90) }), item('service', { share: 0.5, since: ago(1) })),
  ).toEqual(['service', 'idle-queue'])
})

test('of equal effect the older is the cause', () => {
  expect(ranked(item('effect', { since: ago(1) }), item('cause', { since: ago(1.5) }))).toEqual(['cause', 'effect'])
})
