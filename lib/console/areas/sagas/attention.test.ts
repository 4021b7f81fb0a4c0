import { expect, test } from 'vitest'
import { ofSagas } from './attention.ts'
import type { SagaRow } from './rows.ts'

const NOW = 1_000_000
const counts = { running: 0, compensating: 0, failed: 0, completed: 0, compensated: 0 }
const up = { id: 'p1', instance: 'worker-1', alive: true, works: true }
const row = (more: Partial<SagaRow>): SagaRow => ({
  id: 'worker/order',
  name: 'order',
  service: 'worker',
  state: 'idle',
  shared: true,
  steps: [],
  counts,
  failed: [],
  processes: [up],
  ...more,
})
const bandsOf = (more: Partial<SagaRow>) => ofSagas([row(more)], NOW).map(({ band, text }) => `${band}: ${text}`)

test('one that failed long ago hides neither what is taken by no process nor what cannot be read', () => {
  expect(
    bandsOf({
      counts: { ...counts, failed: 2, running: 400 },
      waitingSince: NOW - 61_000,
      unknownBecause: 'no answer',
    }),
  ).toEqual([
    'failing: is due and taken by no process',
    'degraded: 2 have failed and wait for a person',
    'unclear: cannot be judged',
  ])
  const ids = ofSagas([row({ counts: { ...counts, failed: 1 }, unknownBecause: 'no answer' })], NOW).map(({ id }) => id)
  expect(new Set(ids).size).toBe(2)
})

test('what is under way with no process left is taken by none; what waits for less than a minute is no trouble', () => {
  const lost = [{ ...up, alive: false }]
  expect(bandsOf({ counts: { ...counts, compensating: 1 }, processes: lost })).toEqual([
    'failing: is due and taken by no process',
  ])
  expect(bandsOf({ waitingSince: NOW - 59_000, counts: { ...counts, running: 1 } })).toEqual([])
  expect(bandsOf({})).toEqual([])
})

test('says why nothing takes it: no process, or none that carries sagas out', () => {
  const due = { waitingSince: NOW - 120_000, counts: { ...counts, running: 1 } }
  const detailOf = (processes: SagaRow['processes']) => ofSagas([row({ ...due, processes })], NOW)[0]?.detail
  expect(detailOf([])).toBe('None of its processes is running.')
  expect(detailOf([{ ...up, works: false }])).toContain('sagas.work()')
  expect(detailOf([up])).toContain('busy with other sagas')
})
