import { expect, test } from 'vitest'
import { errorClass, FailureTexts } from './failure-texts.ts'

/** As many as keep their messages whole, with messages of a thousand bytes. */
const WHOLE = 2_000
const message = (n: number, length = 1_000) => `${n} `.padEnd(length, 'x')

test('a class of failures is one object for all breakers, until there are a thousand', () => {
  const texts = new FailureTexts()
  const of = (code: string) => texts.share(errorClass(Object.assign(new Error('down'), { code })))
  expect(of('ECONNREFUSED')).toBe(of('ECONNREFUSED'))
  expect(of('ECONNREFUSED')).not.toBe(texts.share(errorClass(new Error('down'))))
  for (let n = 0; n < 1_000; n++) of(`ORDER-${n}`)
  expect(of('NEW')).not.toBe(of('NEW'))
  expect(of('NEW')).toEqual(of('NEW'))
})

test('messages stay whole until they are two megabytes together, then they are cut, and whole again once others are gone', () => {
  const texts = new FailureTexts()
  const kept = Array.from({ length: WHOLE }, (_, n) => texts.keep(message(n), undefined))
  expect(kept[WHOLE - 1]).toBe(message(WHOLE - 1))
  expect(texts.keep(message(WHOLE), undefined)).toBe(message(WHOLE, 56))
  for (const text of kept) texts.release(text)
  expect(texts.keep(message(WHOLE), undefined)).toBe(message(WHOLE))
})

test('a message that takes the place of another takes its bytes, and a wide character takes two', () => {
  const texts = new FailureTexts()
  let held: string | undefined
  for (let n = 0; n < 2 * WHOLE; n++) held = texts.keep(message(n), held)
  expect(held).toHaveLength(1_000)
  for (let n = 1; n < WHOLE; n++) texts.keep(message(n), undefined)
  expect(texts.keep('ж'.repeat(1_000), undefined)).toBe('ж'.repeat(28))
})
