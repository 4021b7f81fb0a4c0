import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Channel, Content, Target } from './channel.ts'

type Fault = { status: number; headers?: Record<string, string>; body?: string } | 'reset' | 'hang'

/** A channel before a server of its vendor on this machine. */
export interface ChannelUnderTest {
  channel: Channel
  target: Target
  /** One that the vendor says is dead; absent where it never says so. */
  dead?: Target
  /** What the vendor has accepted, oldest first. */
  accepted(): Promise<{ text: string; target: string }[]> | { text: string; target: string }[]
  /** How many requests have come, those with a fault included. */
  requests(): number
  /** For the next request. `hang`: it is carried out and not answered. */
  fault(fault: Fault): void
  /** An error in the vendor's shape. */
  refusal(status: number, words: string): { body: string }
  /** Ends the vendor's server: nothing listens there any more. */
  stop(): Promise<void>
  /** The adapter cannot see Retry-After. */
  hidesRetryAfter?: true
  /** A success has no body that means anything. */
  ignoresBody?: true
  close(): Promise<void>
}

const CONTENT: Content = {
  title: 'Order 7',
  text: 'It is on its way',
  url: 'https://shop.example/7',
  data: { order: '7' },
}

/** What each provider of a channel guarantees. */
export function channelContract(name: string, setup: () => Promise<ChannelUnderTest>): void {
  describe(`${name} keeps the contract of channels`, () => {
    let under: ChannelUnderTest
    beforeEach(async () => {
      under = await setup()
    })
    afterEach(() => under.close())

    const send = (key: string, { target = under.target, signal = new AbortController().signal } = {}) =>
      under.channel.send(CONTENT, target, { idempotencyKey: key, signal })
    const count = async () => (await under.accepted()).length

    test('what is sent is what the vendor gets, under an id of its own', async () => {
      const first = await send('a')
      const second = await send('b')
      expect(first.id).not.toBe(second.id)
      const [got, ...more] = await under.accepted()
      expect(more).toHaveLength(1)
      expect(got?.text).toContain('It is on its way')
      expect(got?.target).toBe(typeof under.target === 'string' ? under.target : under.target.endpoint)
    })

    test('refused credentials: nothing was sent, and another attempt is pointless', async () => {
      under.fault({ status: 401, ...under.refusal(401, 'token=abcdefghijkl is not known') })
      const error = await send('a').catch(thrown => thrown)
      expect(error).toMatchObject({ code: 'NOTIFICATION_UNAUTHORIZED', retryable: false, notDone: true, gone: false })
      expect(error.message).not.toContain('abcdefghijkl')
      expect(await count()).toBe(0)
    })

    test('a rate limit says when to come back, and the SDK does not try on its own', async () => {
      under.fault({ status: 429, headers: { 'retry-after': '7' }, ...under.refusal(429, 'slow down') })
      await expect(send('a')).rejects.toMatchObject({
        code: 'NOTIFICATION_RATE_LIMITED',
        retryable: true,
        notDone: true,
        retryAfterMs: under.hidesRetryAfter ? undefined : 7_000,
      })
      expect(under.requests()).toBe(1)
      await send('a')
      expect(await count()).toBe(1)
    })

    test('a failure of the vendor may have come after the send; unavailable has not', async () => {
      under.fault({ status: 500, ...under.refusal(500, 'a bug') })
      await expect(send('a')).rejects.toMatchObject({
        code: 'NOTIFICATION_UNAVAILABLE',
        retryable: true,
        notDone: false,
      })
      under.fault({ status: 503, ...under.refusal(503, 'later') })
      await expect(send('b')).rejects.toMatchObject({
        code: 'NOTIFICATION_UNAVAILABLE',
        retryable: true,
        notDone: true,
      })
      expect(under.requests()).toBe(2)
    })

    test('content that the vendor refuses is refused again', async () => {
      under.fault({ status: 400, ...under.refusal(400, 'too long') })
      await expect(send('a')).rejects.toMatchObject({ code: 'NOTIFICATION_REFUSED', retryable: false, notDone: true })
    })

    test('a connection that is reset leaves it unknown', async () => {
      under.fault('reset')
      await expect(send('a')).rejects.toMatchObject({ retryable: true, notDone: false, gone: false })
      expect(under.requests()).toBe(1)
    })

    test('where nothing listens, nothing was sent', async () => {
      await under.stop()
      await expect(send('a')).rejects.toMatchObject({
        code: 'NOTIFICATION_UNREACHABLE',
        retryable: true,
        notDone: true,
      })
    })

    test('a time-out after acceptance leaves it unknown; a repetition is sent again only without idempotency keys', async () => {
      under.fault('hang')
      const late = new AbortController()
      const hanging = send('a', { signal: late.signal })
      const refused = expect(hanging).rejects.toMatchObject({
        code: 'NOTIFICATION_ABORTED',
        retryable: true,
        notDone: false,
      })
      await expect.poll(count).toBe(1)
      late.abort(new Error('too slow'))
      await refused
      await send('a')
      expect(await count()).toBe(under.channel.takesIdempotencyKeys ? 1 : 2)
    })

    test('a signal that is aborted already keeps it from being sent', async () => {
      await expect(send('a', { signal: AbortSignal.abort(new Error('stop')) })).rejects.toMatchObject({
        code: 'NOTIFICATION_ABORTED',
      })
      expect(await count()).toBe(0)
    })

    test('an answer in a form never seen before is no success with an unknown id', async () => {
      under.fault({ status: 200, body: '{"surprise":[1]}' })
      const sent = send('a')
      if (under.ignoresBody) expect((await sent).id).toBeTruthy()
      else
        await expect(sent).rejects.toMatchObject({ code: 'NOTIFICATION_UNREADABLE', retryable: false, notDone: false })
    })

    test('a dead address is told apart from a failure', async () => {
      const { dead } = under
      if (dead === undefined) return
      await expect(send('a', { target: dead })).rejects.toMatchObject({ gone: true, retryable: false, notDone: true })
      expect(await count()).toBe(0)
    })
  })
}
