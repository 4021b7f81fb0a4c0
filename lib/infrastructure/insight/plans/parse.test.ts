import { describe, expect, test } from 'vitest'
import { PlanError, parsePlan } from '../index.ts'

describe('what is no plan is refused', () => {
  test.each([['not json'], [[]], [[{ Plan: 1 }]], [null]])('%j', answer => {
    expect(() => parsePlan(answer)).toThrow(PlanError)
  })

  test('and what lacks everything but a node is one', () => {
    expect(parsePlan('[{"Plan": {}}]')).toEqual({
      measured: false,
      root: { kind: 'Unknown', cost: { start: 0, total: 0 }, expectedRows: 0, width: 0, children: [] },
    })
    const never = parsePlan({ Plan: { 'Node Type': 'Seq Scan', 'Relation Name': 'a', 'Actual Loops': 0 } })
    expect(never).toMatchObject({ measured: true, root: { relation: 'a' } })
    expect(never.root.measured).toBeUndefined()
  })

  test('a hash in batches without counted blocks is estimated', () => {
    const { root } = parsePlan([{ Plan: { 'Node Type': 'Hash', 'Hash Batches': 4, 'Peak Memory Usage': 10 } }])
    expect(root.spilled).toBe(30 * 1_024)
  })

  test('a join of another kind says so, and its work is told apart', () => {
    const kind = (plan: object) => parsePlan([{ Plan: plan }]).root.kind
    expect(kind({ 'Node Type': 'Hash Join', 'Join Type': 'Left' })).toBe('Hash Left Join')
    expect(kind({ 'Node Type': 'Nested Loop', 'Join Type': 'Anti' })).toBe('Nested Loop Anti Join')
    expect(kind({ 'Node Type': 'Aggregate', Strategy: 'Hashed' })).toBe('Hash Aggregate')
    expect(kind({ 'Node Type': 'Seq Scan', 'Parallel Aware': true })).toBe('Parallel Seq Scan')
  })
})
