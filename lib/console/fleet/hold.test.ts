import { expect, test } from 'vitest'
import { isOvertaken } from './hold.ts'

const everywhere = { scope: { kind: 'fleet' } } as const
const checkout = { scope: { kind: 'service', service: 'checkout' } } as const

test.each([
  { what: 'released everywhere', operation: 'breaker.release', input: everywhere, overtaken: true },
  { what: 'released in its scope', operation: 'breaker.release', input: checkout, overtaken: true },
  { what: 'forced again in its scope', operation: 'breaker.force', input: checkout, overtaken: true },
  { what: 'forced everywhere', operation: 'breaker.force', input: everywhere, overtaken: false },
  { what: 'changed in another way', operation: 'breaker.restore-policy', input: everywhere, overtaken: false },
])('a breaker that was $what since: $overtaken', ({ operation, input, overtaken }) => {
  expect(isOvertaken('breaker.force', checkout, { operation, input })).toBe(overtaken)
})
