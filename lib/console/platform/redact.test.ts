import { expect, test } from 'vitest'
import { redacted, redactedLine } from './redact.ts'

const text = (text: string, more: object = {}) => ({ bytes: text.length, text, ...more })

test('JSON keeps what does not look secret', () => {
  expect(redacted(text('{"user":"ada","password":"hunter2"}'))).toEqual({
    bytes: 35,
    text: '{"user":"ada","password":"[secret]"}',
    redacted: true,
  })
  expect(redacted(text('{"user":"ada"}'))).toEqual(text('{"user":"ada"}'))
})

test('what cannot be read field by field is not shown: bytes that are no text, text that is no JSON, a cut text', () => {
  expect(redacted({ bytes: 3, hex: 'ff00fe' })).toEqual({ bytes: 3, redacted: true })
  expect(redacted(text('password is hunter2'))).toEqual({ bytes: 19, redacted: true })
  expect(redacted(text('{"pin":12', { cut: true }))).toEqual({ bytes: 9, redacted: true })
  expect(redacted({ bytes: 5_000_000 })).toEqual({ bytes: 5_000_000 })
  expect(redactedLine({ bytes: 2, hex: 'fffe' })).toEqual({ bytes: 2, redacted: true })
  expect(redactedLine(text('mailbox full'))).toEqual(text('mailbox full'))
})
