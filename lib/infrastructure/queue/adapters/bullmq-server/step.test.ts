import { expect, test } from 'vitest'
import { type StepAnswer, severalPieces } from './step.ts'

const piece = (moved: number, done: number, over: 0 | 1, refused: string[] = []): StepAnswer => [
  moved,
  done,
  moved + refused.length / 2,
  over,
  refused,
]

test('pieces of an act are one step, up to the last', async () => {
  const pieces = [piece(50, 50, 0), piece(49, 99, 0, ['7', 'it has no options']), piece(3, 102, 1), piece(9, 111, 0)]
  const step = await severalPieces(async () => pieces.shift() as StepAnswer)
  expect(step).toEqual({
    moved: 102,
    done: 102,
    examined: 103,
    refused: [{ id: '7', reason: 'it has no options' }],
    finished: true,
  })
  expect(pieces).toHaveLength(1)
})

test('what was done before a piece failed is not lost, and the error is met by the next step', async () => {
  const pieces = [piece(49, 49, 0, ['7', 'it has no options'])]
  const take = async () => {
    const next = pieces.shift()
    if (!next) throw new Error('Redis has ended')
    return next
  }
  const step = await severalPieces(take)
  expect(step).toMatchObject({ moved: 49, finished: false, refused: [{ id: '7' }] })
  await expect(severalPieces(take)).rejects.toThrow('Redis has ended')
})
