import { expect, test } from 'vitest'
import { CHANNEL_KINDS, type ChannelKind } from './channel.ts'
import type { Stage } from './port.ts'
import { stagesFor } from './routing.ts'

const recipient = { addresses: { sms: ['+1'], email: ['a@b.example'], chat: [] } }
const setting = { routes: { high: [['in-app', 'sms'], 'email'] as Stage[] }, open: new Set(CHANNEL_KINDS) }
const stages = (
  priority: 'low' | 'normal' | 'high' | 'urgent',
  channels?: Record<string, ChannelKind[]>,
  asked?: Stage[],
  open: ReadonlySet<ChannelKind> = setting.open,
) =>
  stagesFor({ type: 'sale', priority, asked }, channels ? { channels } : {}, recipient, {
    routes: setting.routes,
    open,
  })

test('without routes all that reaches someone is tried, what costs least first', () => {
  expect(stages('low')).toEqual([['in-app'], ['email'], ['sms']])
})

test('a priority has its own channels, and a notification may have others', () => {
  expect(stages('high')).toEqual([['in-app', 'sms'], ['email']])
  expect(stages('high', undefined, ['chat', 'email'])).toEqual([['email']])
})

test('what this process has no provider for is left out', () => {
  expect(stages('high', undefined, undefined, new Set(['email']))).toEqual([['email']])
})

test('a recipient’s own order counts, by type or for all others', () => {
  expect(stages('high', { sale: ['email', 'sms'] })).toEqual([['email'], ['sms']])
  expect(stages('high', { '*': ['sms'] })).toEqual([['sms']])
  expect(stages('high', { '*': ['sms'], sale: [] })).toEqual([])
})

test('what is urgent goes on with the channels that are not wanted', () => {
  expect(stages('urgent', { sale: ['sms'] })).toEqual([['sms'], ['in-app'], ['email']])
})
