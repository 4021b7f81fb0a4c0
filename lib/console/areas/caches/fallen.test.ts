import { expect, test } from 'vitest'
import { ofCaches } from './attention.ts'
import { fallenOf } from './fallen.ts'
import type { CacheGroup } from './group.ts'

const STEP = 60_000
const series = (values: (number | null)[]) => ({
  service: 'caches',
  series: 'x',
  step: STEP,
  until: values.length * STEP,
  values,
})
const steady = Array.from({ length: 30 }, () => 0.98)

test('a hit ratio that falls from 98 to 1 % is found, with its start', () => {
  expect(fallenOf(series([...steady, 0.01, 0.01, 0.01, 0.01]))).toEqual({
    from: 0.98,
    to: expect.closeTo(0.01),
    since: 30 * STEP,
  })
})

test('it is still found while most of the last two hours were better', () => {
  expect(fallenOf(series([...steady, ...Array.from({ length: 60 }, () => 0.01)]))).toMatchObject({ from: 0.98 })
})

test.each([
  ['steady', steady],
  ['somewhat lower', [...steady, 0.6, 0.6, 0.6]],
  ['low from the start', Array.from({ length: 30 }, () => 0.05)],
  ['never high', [...Array.from({ length: 30 }, () => 0.2), 0, 0, 0]],
  ['new: its usual ratio is not known', [0.98, 0.98, 0.01, 0.01, 0.01]],
  ['no longer asked', [...steady, 0.01, 0.01, 0.01, null]],
  ['one dip', [...steady, 0.01, 0.98, 0.98]],
])('%s is no trouble', (_name, values) => {
  expect(fallenOf(series(values))).toBeUndefined()
})

test('it is an attention item, with both figures', () => {
  const group = { name: 'catalogue', namespace: 'n', state: 'degraded', services: ['shop'], processes: 2 } as CacheGroup
  expect(ofCaches([{ ...group, fallen: { from: 0.98, to: 0.01, since: 5 } }])).toMatchObject([
    { subject: 'catalogue', text: 'hit ratio fell from 98 % to 1 %', band: 'degraded', since: 5 },
  ])
})
