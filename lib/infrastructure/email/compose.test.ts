import { expect, test } from 'vitest'
import { formatAddress, parseAddress } from './address.ts'
import { checkAddress, type MailResolver } from './check-address.ts'
import { composeEmail } from './compose.ts'
import { emailOf, keptEmail } from './kept.ts'
import type { NewEmail } from './port.ts'
import { fullEmail, plainEmail } from './setting.contract.ts'

test('addresses are read with their names, and written so that they are read alike', () => {
  for (const [text, email, name] of [
    ['mia@example.com', 'mia@example.com', undefined],
    ['  Mia Möller <mia@example.com>', 'mia@example.com', 'Mia Möller'],
    ['"Doe, Ben \\"B\\"" <ben@example.com>', 'ben@example.com', 'Doe, Ben "B"'],
    ['<mia@example.com>', 'mia@example.com', undefined],
    ['jörg <j@exämple.de>', 'j@exämple.de', 'jörg'],
  ] as const) {
    const address = parseAddress(text)
    expect(address).toEqual(name === undefined ? { email } : { email, name })
    expect(parseAddress(formatAddress(address))).toEqual(address)
  }
})

const BAD: [string, Partial<NewEmail>][] = [
  ['no address', { to: 'mia' }],
  ['an empty address', { to: '' }],
  ['no domain', { to: 'mia@' }],
  ['a line break in an address', { to: 'mia@example.com\r\nBcc: all@example.com' }],
  ['a line break in a name', { to: { email: 'mia@example.com', name: 'Mia\r\nBcc: all@example.com' } }],
  ['no recipient', { to: [] }],
  ['no subject', { subject: ' ' }],
  ['a line break in the subject', { subject: 'Hello\nBcc: all@example.com' }],
  ['no text', { text: '' }],
  ['a line break in a header', { headers: { 'X-A': 'a\r\nBcc: all@example.com' } }],
  ['a header with a bad name', { headers: { 'X-A: b\r\nX-B': 'a' } }],
  ['a header of its own', { headers: { BCC: 'all@example.com' } }],
  ['a content header', { headers: { 'Content-Type': 'text/html' } }],
  ['a line break in a filename', { attachments: [{ filename: 'a\r\nX: b', content: '' }] }],
  ['a bad content type', { attachments: [{ filename: 'a', content: '', contentType: 'text/html\r\nX: b' }] }],
  ['a bad content id', { attachments: [{ filename: 'a', content: '', contentId: 'a>\r\nX: b' }] }],
  ['a way to unsubscribe over http', { unsubscribe: { url: 'http://shop.example/u' } }],
  ['a way to unsubscribe that ends its header', { unsubscribe: { url: 'https://shop.example/u>, <x' } }],
]
test.for(BAD)('%s is refused before it is sent', ([, more]) => {
  expect(() => plainEmail(more)).toThrow(expect.objectContaining({ code: 'EMAIL_INVALID', notDone: true }))
})

test('an email needs a sender, or a default one', () => {
  const { from: _, ...rest } = { ...plainEmail(), from: undefined }
  expect(() => composeEmail(rest)).toThrow('sender')
  expect(composeEmail(rest, { from: 'Shop <shop@example.com>' }).from).toEqual({
    name: 'Shop',
    email: 'shop@example.com',
  })
})

test('nobody gets an email twice, and unsubscribing by mail alone needs no click', () => {
  const email = plainEmail({
    to: ['mia@example.com', 'MIA@example.com'],
    cc: ['mia@example.com', 'ben@example.com'],
    bcc: 'Ben <ben@example.com>',
    unsubscribe: { email: 'leave@example.com' },
  })
  expect([email.to.length, email.cc.length, email.bcc.length]).toEqual([1, 1, 0])
  expect(email.headers).toEqual({ 'List-Unsubscribe': '<mailto:leave@example.com>' })
  expect(plainEmail({ unsubscribe: {} }).headers).toEqual({})
})

test('an email is kept as plain data and read back as it was', () => {
  const email = fullEmail()
  expect(emailOf(JSON.parse(JSON.stringify(keptEmail(email))))).toEqual(email)
  expect(() => emailOf({ text: 'a notification' })).toThrow(expect.objectContaining({ code: 'EMAIL_INVALID' }))
})

const dnsError = (code: string) => Promise.reject(Object.assign(new Error(code), { code }))
const resolver = (answers: Partial<MailResolver>): MailResolver => ({
  resolveMx: () => dnsError('ENODATA'),
  resolve4: () => dnsError('ENODATA'),
  resolve6: () => dnsError('ENOTFOUND'),
  ...answers,
})

test('an address is checked by its syntax, a list of domains, and the DNS', async () => {
  expect(await checkAddress('mia@example')).toEqual({ valid: false, reason: 'syntax' })
  expect(await checkAddress(`${'m'.repeat(65)}@example.com`)).toEqual({ valid: false, reason: 'syntax' })
  expect(await checkAddress('mia@example.com')).toEqual({ valid: true })
  const disposable = new Set(['trash.example'])
  expect(await checkAddress('mia@a.Trash.example', { disposable })).toEqual({ valid: false, reason: 'disposable' })
  expect(await checkAddress('mia@example.com', { disposable })).toEqual({ valid: true })
  const asked: string[] = []
  const ask = (answers: Partial<MailResolver>) =>
    checkAddress('mia@exämple.de', { mx: true, resolver: resolver(answers) })
  const mx = (exchange: string) => async (domain: string) => {
    asked.push(domain)
    return [{ exchange, priority: 0 }]
  }
  expect(await ask({ resolveMx: mx('mx.example.de') })).toEqual({ valid: true })
  expect(asked).toEqual(['xn--exmple-cua.de'])
  expect(await ask({ resolveMx: mx('') })).toEqual({ valid: false, reason: 'no-mail-server' })
  expect(await ask({ resolve4: async () => ['127.0.0.1'] })).toEqual({ valid: true })
  expect(await ask({ resolve6: async () => ['::1'] })).toEqual({ valid: true })
  expect(await ask({})).toEqual({ valid: false, reason: 'no-mail-server' })
  expect(await ask({ resolveMx: () => dnsError('ETIMEOUT') })).toEqual({ valid: true, unknown: true })
  expect(await ask({ resolve4: () => dnsError('ESERVFAIL') })).toEqual({ valid: true, unknown: true })
})
