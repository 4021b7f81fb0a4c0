import { expect, test } from 'vitest'
import { z } from 'zod'
import { parseFilters } from '../platform/view/filters.ts'
import { spanFilters, spanOf } from './span.ts'

const NOW = Date.parse('2026-03-04T12:00:00Z')
const HOUR = 3_600_000
const asked = (raw: Record<string, string>) => {
  const { filters, dropped } = parseFilters(z.object(spanFilters), raw)
  return { span: spanOf(filters, NOW), dropped: dropped.map(({ filter }) => filter) }
}

test.each([
  [{}, { from: NOW - HOUR, to: NOW, range: '1h' }],
  [{ range: '6h' }, { from: NOW - 6 * HOUR, to: NOW, range: '6h' }],
  [
    { from: '2026-03-04T10:00:00Z', to: '2026-03-04T10:30:00Z' },
    { from: NOW - 2 * HOUR, to: NOW - 1.5 * HOUR },
  ],
  [{ from: String(NOW - 2 * HOUR) }, { from: NOW - 2 * HOUR, to: NOW }],
  [{ to: '2026-03-04T10:00:00Z' }, { from: NOW - 3 * HOUR, to: NOW - 2 * HOUR }],
])('%j', (raw, span) => {
  expect(asked(raw)).toEqual({ span, dropped: [] })
})

test('a span that is not valid is reported, and something is shown', () => {
  expect(asked({ from: '2026-03-04T11:00:00Z', to: '2026-03-04T10:00:00Z' }).span).toMatchObject({
    range: '1h',
    problem: expect.stringContaining('before'),
  })
  expect(asked({ from: '2026-03-05T11:00:00Z' }).span.problem).toBeDefined()
  expect(asked({ from: '2020-01-01T00:00:00Z' }).span).toMatchObject({ to: NOW, problem: expect.any(String) })
  expect(asked({ from: 'yesterday', range: '1y' }).dropped).toEqual(['range', 'from'])
})
