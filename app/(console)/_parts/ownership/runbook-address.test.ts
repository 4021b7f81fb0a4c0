import { expect, test } from 'vitest'
import { runbookAddress } from './runbook-address.ts'

const BASE = 'https://git.example.com/infra/blob/main'

test.each([
  ['https://wiki.example.com/a', 'https://wiki.example.com/a'],
  ['docs/runbooks/payments.md', `${BASE}/docs/runbooks/payments.md`],
  ['./docs/a.md#steps', `${BASE}/docs/a.md#steps`],
  ['/docs/a.md', `${BASE}/docs/a.md`],
  ['javascript:alert(1)', undefined],
  ['//evil.example.com/a', undefined],
  ['../../../../secrets', undefined],
])('%s opens as %s', (runbook, address) => {
  expect(runbookAddress(runbook, BASE)).toBe(address)
})

test('without a base a path is no link', () => {
  expect(runbookAddress('docs/a.md', undefined)).toBeUndefined()
})
