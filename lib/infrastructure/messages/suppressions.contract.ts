import { expect, test } from 'vitest'
import type { Setting } from './setting.contract.ts'

export function suppressionsContract(on: Setting): void {
  test('an address is suppressed in any spelling, in its channel, until it is taken off the list', async () => {
    await on.messages.suppress([
      { channel: 'email', address: 'Mia <MIA@example.com>', reason: 'bounce', note: '550 no such mailbox' },
      { channel: 'sms', address: '+49 30 123', reason: 'unsubscribe', by: 'mia' },
    ])
    const found = await on.messages.suppressed('email', ['mia@Example.com', 'ben@example.com', '+4930123'])
    expect([...found.keys()]).toEqual(['mia@Example.com'])
    expect(found.get('mia@Example.com')).toEqual({
      channel: 'email',
      address: 'mia@example.com',
      reason: 'bounce',
      note: '550 no such mailbox',
      since: expect.any(Number),
    })
    expect([...(await on.messages.suppressed('sms', ['+4930123'])).values()]).toMatchObject([{ by: 'mia' }])
    expect(await on.messages.unsuppress('email', 'mia@example.com')).toBe(true)
    expect(await on.messages.unsuppress('email', 'mia@example.com')).toBe(false)
    expect(await on.messages.suppressed('email', ['mia@example.com'])).toEqual(new Map())
    expect(await on.messages.suppressed('email', [])).toEqual(new Map())
  })

  test('the first reason stays, but for a complaint', async () => {
    const suppress = (reason: 'bounce' | 'complaint' | 'manual', by?: string) =>
      on.messages.suppress([{ channel: 'email', address: 'mia@example.com', reason, ...(by ? { by } : {}) }])
    const now = async () => (await on.messages.suppressed('email', ['mia@example.com'])).get('mia@example.com')
    await suppress('bounce')
    const first = await now()
    await suppress('manual', 'ben')
    expect(await now()).toEqual(first)
    await suppress('complaint', 'mailbox provider')
    await suppress('manual', 'ben')
    expect(await now()).toEqual({ ...first, reason: 'complaint', by: 'mailbox provider' })
    await on.messages.suppress([
      { channel: 'email', address: 'ben@example.com', reason: 'complaint' },
      { channel: 'email', address: 'BEN@example.com', reason: 'bounce' },
    ])
    expect((await on.messages.suppressions({ address: 'Ben@example.com' })).suppressions).toMatchObject([
      { reason: 'complaint' },
    ])
    await on.messages.suppress([])
  })

  test('the list is read page by page, newest first', async () => {
    const addresses = Array.from({ length: 5 }, (_, n) => `p${n}@example.com`)
    for (const address of addresses.slice(0, 2))
      await on.messages.suppress([{ channel: 'email', address, reason: 'manual' }])
    await on.messages.suppress(addresses.slice(2).map(address => ({ channel: 'email', address, reason: 'bounce' })))
    await on.messages.suppress([{ channel: 'sms', address: '+4930123', reason: 'bounce' }])
    const seen: string[] = []
    let before: string | undefined
    do {
      const page = await on.messages.suppressions({ channel: 'email' }, { limit: 2, ...(before ? { before } : {}) })
      seen.push(...page.suppressions.map(({ address }) => address))
      before = page.next
    } while (before)
    expect(seen.sort()).toEqual(addresses)
    expect((await on.messages.suppressions({ reason: 'bounce' })).suppressions).toHaveLength(4)
    expect((await on.messages.suppressions()).suppressions).toHaveLength(6)
  })
}
