import { expect, test } from 'vitest'
import type { Part } from '../../platform/part/part.ts'
import { lastAnswers } from './last-answers.ts'

const up = (data: string): Part<string> => ({ status: 'up', data, at: 5 })
const down: Part<string> = { status: 'down', reason: 'Postgres shop refuses connections', since: 7 }

test('one reading serves all who ask while it is under way and while it is fresh', async () => {
  const answers = lastAnswers()
  let asked = 0
  const read = async () => up(`answer ${++asked}`)
  const [one, two] = await Promise.all([answers.get('a', 60_000, read), answers.get('a', 0, read)])
  expect([one, two]).toEqual([up('answer 1'), up('answer 1')])
  expect(await answers.get('a', 60_000, read)).toEqual(up('answer 1'))
  expect(await answers.get('b', 60_000, read)).toEqual(up('answer 2'))
  expect(await answers.get('a', 0, read)).toEqual(up('answer 3'))
})

test('while the server does not answer, the last answer is stale, with its reason', async () => {
  const answers = lastAnswers()
  expect(await answers.get('a', 0, async () => down)).toEqual(down)
  await answers.get('a', 0, async () => up('known'))
  expect(await answers.get('a', 0, async () => down)).toEqual({ ...down, status: 'stale', data: 'known', at: 5 })
  expect(await answers.get('a', 0, async () => up('back'))).toEqual(up('back'))
})

test('only so many questions are kept, those asked last', async () => {
  const answers = lastAnswers()
  let asked = 0
  const read = async () => up(String(++asked))
  await answers.get('first', 60_000, read)
  for (let id = 0; id < 99; id++) await answers.get(String(id), 60_000, read)
  expect(await answers.get('first', 60_000, read)).toEqual(up('1'))
  await answers.get('one more', 60_000, read)
  expect(await answers.get('0', 60_000, read)).toEqual(up('102'))
})
