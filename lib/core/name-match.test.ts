import { expect, test } from 'vitest'
import { nameMatch } from './name-match.ts'

test('the better match scores higher: whole, beginning, word, all words, inside, scattered, none', () => {
  const scores = ['pay', 'payments-api', 'replay payments', 'repayment', 'Promote delayed jobs', 'queue']
  const measured = scores.map(name => nameMatch(name, 'pay'))
  expect(measured).toEqual([...measured].sort((a, b) => b - a))
  expect(new Set(measured).size).toBe(scores.length)
  expect(measured.at(-1)).toBe(0)
})

test('words may be typed in any order, by their beginnings', () => {
  expect(nameMatch('Replay dead letters: receipts.send', 'send repl')).toBeGreaterThan(
    nameMatch('resend replicas', 'end rep'),
  )
  expect(nameMatch('Replay dead letters', 'replay x')).toBe(0)
})
