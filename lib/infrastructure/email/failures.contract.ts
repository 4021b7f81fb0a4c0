import { expect, test } from 'vitest'
import type { EmailError, EmailErrorOptions } from './port.ts'
import { type EmailUnderTest, plainEmail } from './setting.contract.ts'

const SECRET = 'SG.wrong-secret-0123456789.abcdefghijklmnop'

export function failuresContract(on: { readonly under: EmailUnderTest }): void {
  const server = () => {
    const { server: own } = on.under
    if (!own) throw new Error('This adapter has no server')
    return own
  }
  const count = async () => (await on.under.received()).length
  async function failure(provider = on.under.provider): Promise<EmailError> {
    return provider.send(plainEmail()).then(
      () => expect.fail('it was sent'),
      (error: EmailError) => error,
    )
  }
  const expected = (code: EmailErrorOptions['code'], retryable: boolean, notDone: boolean) => ({
    name: 'EmailError',
    code,
    retryable,
    notDone,
    provider: on.under.provider.name,
  })

  test('wrong credentials: refused, and not repeated in the error', async () => {
    const error = await failure(server().withWrongSecret(SECRET))
    expect(error).toMatchObject({ ...expected('EMAIL_AUTHENTICATION', false, true), isProviders: true })
    expect(JSON.stringify([error.message, error.vendor])).not.toContain('wrong-secret')
    expect(await count()).toBe(0)
  })

  test('too many: nothing was sent, and how long to wait is known', async () => {
    server().fail({ kind: 'status', status: server().statuses.busy, retryAfter: '7' })
    const error = await failure()
    expect(error).toMatchObject(expected('EMAIL_RATE_LIMITED', true, true))
    expect(error.retryAfterMs).toBe(server().retryAfter ? 7_000 : undefined)
    expect(error.vendor?.status).toBe(server().statuses.busy)
    await on.under.provider.send(plainEmail())
    expect(await count()).toBe(1)
  })

  test('a broken server: worth another attempt, once', async () => {
    server().fail({ kind: 'status', status: server().statuses.broken }, 1)
    expect(await failure()).toMatchObject(expected('EMAIL_UNAVAILABLE', true, server().brokenSentNothing))
    // The client did not try again by itself.
    expect(await count()).toBe(0)
  })

  test('an email that is refused would be refused elsewhere too', async () => {
    server().fail({ kind: 'status', status: server().statuses.refused })
    expect(await failure()).toMatchObject({ ...expected('EMAIL_REFUSED', false, true), isProviders: false })
  })

  test('a connection that is reset leaves the outcome unknown', async () => {
    server().fail({ kind: 'reset' })
    expect(await failure()).toMatchObject(expected('EMAIL_OUTCOME_UNKNOWN', true, false))
    await on.under.provider.send(plainEmail())
    expect(await count()).toBe(1)
  })

  test('a server that is gone has sent nothing', async () => {
    const { gone, tellsUnreachable } = server()
    expect(await failure(await gone())).toMatchObject(
      tellsUnreachable ? expected('EMAIL_UNREACHABLE', true, true) : expected('EMAIL_OUTCOME_UNKNOWN', true, false),
    )
  })

  test('an answer of another shape than ever before is no success without an id', async () => {
    server().fail({ kind: 'strange' })
    if (!server().hasShapes) return void (await on.under.provider.send(plainEmail()))
    expect(await failure()).toMatchObject(expected('EMAIL_ANSWER', false, false))
    expect(await count()).toBe(1)
  })

  test('a call that is given up after it was accepted may be repeated only with a key', async () => {
    const { provider } = on.under
    server().fail({ kind: 'silent' })
    const givenUp = new AbortController()
    const call = { idempotencyKey: 'order-7', signal: givenUp.signal }
    const arrived = server().nextArrival()
    const outcome = Promise.race([
      provider.send(plainEmail(), call),
      new Promise((_, reject) => givenUp.signal.addEventListener('abort', () => reject(givenUp.signal.reason))),
    ])
    await arrived
    givenUp.abort(new Error('it took too long'))
    await expect(outcome).rejects.toThrow('it took too long')
    expect(await count()).toBe(1)
    if (!provider.takesIdempotencyKeys) return
    await provider.send(plainEmail(), { idempotencyKey: 'order-7' })
    expect(await count()).toBe(1)
  })

  test('what is given up before it begins is not sent', async () => {
    await expect(on.under.provider.send(plainEmail(), { signal: AbortSignal.abort(new Error('no')) })).rejects.toThrow(
      'no',
    )
    expect(await count()).toBe(0)
  })
}
