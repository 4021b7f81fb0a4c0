import { afterEach, beforeEach, expect, test } from 'vitest'
import { createPolicyRegistry } from '../resilience/index.ts'
import { attempt } from './attempt.ts'
import type { Channel } from './channel.ts'
import { ChannelSet, type GuardedChannel } from './channel-set.ts'
import { NotificationError } from './errors.ts'
import type { KeptSend } from './record.ts'

let calls: string[]
let keeps: string[]
let channels: ChannelSet
beforeEach(() => {
  calls = []
  keeps = []
})
afterEach(() => channels.close())

function channel(provider: string, { takesIdempotencyKeys = false, send }: Partial<Channel> = {}): Channel {
  return {
    kind: 'sms',
    provider,
    takesIdempotencyKeys,
    confirmsDelivery: false,
    async send(content, target, call) {
      calls.push(`${provider} ${call.idempotencyKey}`)
      return send ? send(content, target, call) : { id: provider }
    },
  }
}

const unknown = async () => {
  throw new Error('cut off')
}

async function attempted(given: readonly (Channel | GuardedChannel)[], before: Partial<KeptSend> = {}, options = {}) {
  channels = new ChannelSet(given)
  const send: KeptSend = {
    channel: 'sms',
    target: '+1',
    state: 'pending',
    calls: 0,
    unknowns: 0,
    tries: 0,
    stage: 0,
    key: 'k',
    ...before,
  }
  const retryInMs = await attempt({
    send,
    content: { text: 'hello' },
    channels,
    retry: { attempts: 3, initialDelayMs: 10, maxDelayMs: 15 },
    signal: new AbortController().signal,
    notification: { id: 'n', recipient: 'ada' },
    keep: async () => void keeps.push(`${send.state} ${send.provider}`),
    ...options,
  })
  return { send, retryInMs }
}

test('the provider is kept before it is called', async () => {
  const { send } = await attempted([channel('first')])
  expect(keeps).toEqual(['calling first'])
  expect(send).toMatchObject({ state: 'accepted', provider: 'first', providerMessageId: 'first', calls: 1 })
})

test('a call during which a process crashed is repeated at its provider, where that takes keys', async () => {
  const given = [channel('first'), channel('second', { takesIdempotencyKeys: true })]
  const { send } = await attempted(given, { state: 'calling', provider: 'second', calls: 1, tries: 1 })
  expect(calls).toEqual(['second k'])
  expect(send).toMatchObject({ state: 'accepted', unknowns: 1, calls: 2 })
})

test('without keys it is repeated once, anywhere, and not after a second crash', async () => {
  const crashed = { state: 'calling', provider: 'second', calls: 1, tries: 1 } as const
  expect(await attempted([channel('first'), channel('second')], crashed)).toMatchObject({ send: { state: 'accepted' } })
  const again = await attempted([channel('first'), channel('second')], { ...crashed, unknowns: 1 })
  expect(again).toMatchObject({ send: { state: 'unknown', error: 'it may have been sent twice already' } })
  expect(calls).toEqual(['first k'])
})

test('a provider that is configured no more is not waited for', async () => {
  const { send } = await attempted([channel('first')], { state: 'calling', provider: 'former', calls: 1, tries: 1 })
  expect(send).toMatchObject({ state: 'accepted', provider: 'first' })
})

test('attempts end, also where each of them crashed', async () => {
  const given = [channel('first', { takesIdempotencyKeys: true })]
  const { send } = await attempted(given, { state: 'calling', provider: 'first', tries: 3 })
  expect(send).toMatchObject({ state: 'unknown', error: 'its process crashed each time' })
  expect(await attempted(given, { tries: 3, error: 'busy' })).toMatchObject({
    send: { state: 'failed', error: 'busy' },
  })
  expect(calls).toEqual([])
})

test('a policy that retries does not repeat what may have been sent', async () => {
  const policies = createPolicyRegistry()
  policies.declare({ name: 'first', retry: { attempts: 5, backoff: { kind: 'constant', delayMs: 0 } } as never })
  const { send, retryInMs } = await attempted([
    { channel: channel('first', { send: unknown }), policy: policies.get('first') },
  ])
  expect(calls).toHaveLength(1)
  expect(send).toMatchObject({ state: 'pending', unknowns: 1, error: 'cut off' })
  expect(retryInMs).toBe(10)
  policies.close()
})

test('what cannot be kept is not sent, and is no failure of the provider', async () => {
  const keep = async () => {
    throw new NotificationError('taken over', { code: 'NOTIFICATION_LOST' })
  }
  await expect(attempted([channel('first')], {}, { keep })).rejects.toMatchObject({ code: 'NOTIFICATION_LOST' })
  expect(calls).toEqual([])
  expect(channels.reports()).toMatchObject([{ providers: [{ failures: 0 }] }])
})

test('a call that is stopped with its process stays as it is, for the next one', async () => {
  const stop = new AbortController()
  const send = async () => {
    stop.abort(new Error('stopping'))
    return unknown()
  }
  await expect(attempted([channel('first', { send })], {}, { signal: stop.signal })).rejects.toThrow('stopping')
  expect(keeps).toEqual(['calling first'])
})

test('delays double up to the longest; a provider that asks for more gets it', async () => {
  const busy = (retryAfterMs?: number) => async () => {
    throw new NotificationError('busy', {
      code: 'NOTIFICATION_RATE_LIMITED',
      retryable: true,
      notDone: true,
      retryAfterMs,
    })
  }
  expect(await attempted([channel('first', { send: busy() })], { tries: 1 })).toMatchObject({ retryInMs: 15 })
  const both = [channel('first', { send: busy(900) }), channel('second', { send: busy(400) })]
  expect(await attempted(both)).toMatchObject({ retryInMs: 400 })
})

test('credentials that are refused everywhere may be put right', async () => {
  const refused = async () => {
    throw new NotificationError('no', { code: 'NOTIFICATION_UNAUTHORIZED', notDone: true })
  }
  const { send, retryInMs } = await attempted([
    channel('first', { send: refused }),
    channel('second', { send: refused }),
  ])
  expect(send).toMatchObject({ state: 'pending', calls: 2, unknowns: 0 })
  expect(retryInMs).toBe(10)
})

test('a channel that this process does not have ends the send', async () => {
  expect(await attempted([])).toMatchObject({ send: { state: 'failed', error: 'This process has no channel sms' } })
})
