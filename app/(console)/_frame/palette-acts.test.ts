import { expect, test } from 'vitest'
import { splitAct } from './palette-acts.ts'

const operation = (id: string, title: string, targetKind: string, allowed = true) => ({
  id,
  title,
  targetKind,
  allowed,
})
const operations = [
  operation('queue.replay', 'Replay dead letters', 'queue'),
  operation('queue.remove', 'Remove dead letters', 'queue', false),
  operation('breaker.force', 'Force a breaker', 'breaker'),
  operation('breaker.reset', 'Reset a breaker', 'breaker'),
]
const split = (typed: string) => {
  const found = splitAct(typed, operations)
  return found && { ids: found.operations.map(({ id }) => id), target: found.target }
}

test('the words before the target name the operation', () => {
  expect(split('replay receipts')).toEqual({ ids: ['queue.replay'], target: 'receipts' })
  expect(split('replay dead receipts')).toEqual({ ids: ['queue.replay'], target: 'receipts' })
  expect(split('re pay')).toEqual({ ids: ['queue.replay', 'breaker.reset'], target: 'pay' })
})

test('what is not permitted, no operation, or has no target is no act', () => {
  expect(split('remove receipts')).toBeUndefined()
  expect(split('payments api')).toBeUndefined()
  expect(split('replay')).toBeUndefined()
})
