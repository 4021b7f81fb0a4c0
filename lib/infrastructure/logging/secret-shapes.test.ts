import { describe, expect, test } from 'vitest'
import { HIDDEN, hides, maskText } from './redact.ts'

describe('is hidden by its shape, in a text and alone', () => {
  test.each([
    ['a Visa card', '4111111111111111'],
    ['a Visa card in groups', '4111 1111 1111 1111'],
    ['a Mastercard', '5555-5555-5555-4444'],
    ['a Mastercard of the newer range', '2223003122003222'],
    ['an American Express card', '378282246310005'],
    ['a Diners Club card', '30569309025904'],
    ['a Discover card', '6011111111111117'],
    ['a JCB card', '3530111333300000'],
    ['a UnionPay card', '6200000000000005'],
    ['an IBAN', 'DE89370400440532013000'],
    ['an IBAN in groups', 'GB82 WEST 1234 5698 7654 32'],
    ['a JWT', 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U'],
    ['a key of AWS', 'AKIAIOSFODNN7EXAMPLE'],
    ['a key of Stripe', `sk_${'live'}_4eC39HqLyjWDarjtT1zdp7dc`],
    ['a token of GitHub', `ghp_${'a1B2'.repeat(9)}`],
    ['a token of Slack', `xoxb-${'123456789012'}-abcdefghij`],
    ['a key of Google', `AIza${'Sy0_-'.repeat(7)}`],
    ['a private key', '-----BEGIN RSA PRIVATE KEY-----\nMIIEow\n-----END RSA PRIVATE KEY-----'],
  ])('%s', (_, secret) => {
    expect(maskText(secret)).toBe(HIDDEN)
    expect(maskText(`it said "${secret}", and stopped`)).toBe(`it said "${HIDDEN}", and stopped`)
  })
})

test.each([
  ['a time in ms', '1764288000000'],
  ['a time in microseconds', '1764288000000000'],
  ['a card whose checksum is wrong', '4111111111111112'],
  ['a long id', '9007199254740991'],
  ['a UUID', '4111a111-1111-4111-8111-111111111111'],
  ['a phone number', '+49 30 901820'],
  ['an IBAN whose checksum is wrong', 'DE88370400440532013000'],
  ['words', 'ORDER 1234 WAS NOT SENT'],
  ['a decimal', '0.4111111111111111'],
  ['part of a longer id', 'order-4111111111111111'],
])('%s stays', (_, text) => {
  expect(maskText(text)).toBe(text)
})

test.each([
  ['card_number', '1'],
  ['creditCard', { last4: '1' }],
  ['cvv', 123],
  ['pin', 1234],
  ['IBAN', 'x'],
  ['accountNumber', 7],
  ['ssn', 'x'],
  ['amount', 4111111111111111],
])('%s is hidden by its name, or as a number that is a card', (name, value) => {
  expect(hides(name, value)).toBe(true)
})

test.each([
  ['cardholder', 'Ada'],
  ['pinned', 1],
  ['at', 1764288000000],
  ['panel', 'left'],
])('%s is shown', (name, value) => {
  expect(hides(name, value)).toBe(false)
})
