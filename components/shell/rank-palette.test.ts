import { expect, test } from 'vitest'
import { rankPalette } from './rank-palette.ts'

const operations = {
  id: 'operations',
  label: 'Operations',
  items: ['Replay dead letters', 'Promote delayed jobs', 'Pause a queue'].map(label => ({ id: label, label })),
}
const breakers = {
  id: 'breakers',
  label: 'Breakers',
  items: ['payments-api', 'repay-api'].map(label => ({ id: label, label, href: `/demo/breakers?breaker=${label}` })),
}
const labels = (query: string, recent: string[] = []) =>
  rankPalette([operations, breakers], query, recent).flatMap(({ items }) => items.map(({ label }) => label))

test('things come before operations that match no better', () => {
  expect(labels('pay')).toEqual(['payments-api', 'repay-api', 'Replay dead letters', 'Promote delayed jobs'])
})

test('an operation that is meant comes first', () => {
  expect(labels('replay')[0]).toBe('Replay dead letters')
  expect(labels('pause a')[0]).toBe('Pause a queue')
})

test('of two that match alike the one opened lately comes first, and it leads the empty list', () => {
  const twins = { ...breakers, items: ['mail-a', 'mail-b'].map(label => ({ id: label, label, href: `/${label}` })) }
  expect(rankPalette([twins], 'mail', ['/mail-b'])[0]?.items.map(({ label }) => label)).toEqual(['mail-b', 'mail-a'])
  expect(rankPalette([twins], '', ['/mail-b', '/gone']).map(({ id, items }) => [id, items.length])).toEqual([
    ['recent', 1],
    ['breakers', 1],
  ])
})
