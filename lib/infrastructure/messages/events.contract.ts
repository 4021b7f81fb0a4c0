import { expect, test } from 'vitest'
import type { MessageEventKind, MessageNote } from './port.ts'
import type { Setting } from './setting.contract.ts'

const byVendor = { provider: 'sendgrid', providerMessageId: 'sg-1' }
const webhook = (kind: MessageEventKind, vendorEventId: string, at?: number): MessageNote => ({
  message: byVendor,
  kind,
  vendorEventId,
  ...(at === undefined ? {} : { at }),
})

export function eventsContract(on: Setting): void {
  async function sent(): Promise<string> {
    const id = await on.record({ status: 'sending' })
    await on.messages.note([
      { message: { id }, kind: 'attempt', provider: 'resend', error: 'it is overloaded' },
      { message: { id }, kind: 'attempt', provider: 'sendgrid' },
      { message: { id }, kind: 'accepted', ...byVendor },
    ])
    return id
  }

  test('a message is found by the id that its provider gave it, and its events are in the order in which they happened', async () => {
    const id = await sent()
    expect(await on.messages.find(id)).toMatchObject({
      status: 'sent',
      provider: 'sendgrid',
      providerMessageId: 'sg-1',
      attempts: 2,
      lastError: 'it is overloaded',
    })
    const now = Date.now()
    expect(
      await on.messages.note([
        webhook('opened', 'e3', now + 3_000),
        webhook('delivered', 'e2', now + 2_000),
        { message: { provider: 'mailgun', providerMessageId: 'sg-1' }, kind: 'bounced' },
        { message: { id: 'none' }, kind: 'delivered' },
      ]),
    ).toEqual([
      { outcome: 'noted', id, status: 'delivered' },
      { outcome: 'noted', id, status: 'delivered' },
      { outcome: 'unknown' },
      { outcome: 'unknown' },
    ])
    expect((await on.messages.events(id)).map(({ kind, provider }) => [kind, provider])).toEqual([
      ['queued', undefined],
      ['attempt', 'resend'],
      ['attempt', 'sendgrid'],
      ['accepted', 'sendgrid'],
      ['delivered', 'sendgrid'],
      ['opened', 'sendgrid'],
    ])
    expect(await on.messages.note([])).toEqual([])
  })

  test.for<[MessageEventKind[], string]>([
    [['delivered', 'accepted'], 'delivered'],
    [['delivered', 'bounced'], 'bounced'],
    [['bounced', 'delivered'], 'bounced'],
    [['complained', 'opened', 'bounced'], 'complained'],
    [['failed', 'accepted'], 'failed'],
    [['failed', 'delivered'], 'delivered'],
    [['opened'], 'delivered'],
    [['deferred'], 'sent'],
  ])('after %j it is %s, one by one and at once', async ([kinds, status]) => {
    for (const together of [false, true]) {
      const id = await on.record()
      const notes = kinds.map((kind): MessageNote => ({ message: { id }, kind }))
      if (together) await on.messages.note(notes)
      else for (const note of notes) await on.messages.note([note])
      expect(await on.messages.find(id)).toMatchObject({ status })
      expect(await on.messages.events(id)).toHaveLength(kinds.length + 1)
    }
  })

  test('a doubled webhook counts once, within a call and over several at the same time', async () => {
    const id = await sent()
    const outcomes = await Promise.all(
      Array.from({ length: 4 }, () => on.messages.note([webhook('bounced', 'b-1'), webhook('bounced', 'b-1')])),
    )
    expect(outcomes.flat().filter(({ outcome }) => outcome === 'noted')).toHaveLength(1)
    expect(outcomes.flat().filter(({ outcome }) => outcome === 'duplicate')).toHaveLength(7)
    expect((await on.messages.events(id)).filter(({ kind }) => kind === 'bounced')).toHaveLength(1)
    // Another provider may use the same ids.
    const [other] = await on.messages.note([{ ...webhook('delivered', 'b-1'), message: { id }, provider: 'resend' }])
    expect(other).toMatchObject({ outcome: 'noted' })
  })
}
