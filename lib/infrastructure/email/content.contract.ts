import { expect, test } from 'vitest'
import { type EmailUnderTest, FULL, fullEmail, plainEmail } from './setting.contract.ts'

export function contentContract(on: { readonly under: EmailUnderTest }): void {
  test('an email arrives with all that it has', async () => {
    const answer = await on.under.provider.send(fullEmail())
    expect(answer.id).not.toBe('')
    expect(answer.accepted.toSorted()).toEqual([
      'audit@example.com',
      'ben@example.com',
      'mia@example.com',
      'zoe@example.com',
    ])
    expect(answer.rejected).toEqual([])
    const received = await on.under.received()
    expect(received).toHaveLength(1)
    const [email] = received
    expect(email).toMatchObject({
      from: 'shop@example.com',
      to: ['mia@example.com', 'ben@example.com'],
      cc: ['zoe@example.com'],
      bcc: ['audit@example.com'],
      replyTo: ['help@example.com'],
      subject: FULL.subject,
      text: FULL.text,
      html: FULL.html,
      headers: {
        'x-order': '7',
        'list-unsubscribe': '<https://shop.example/u?t=1>, <mailto:leave@shop.example>',
        'list-unsubscribe-post': 'List-Unsubscribe=One-Click',
      },
    })
    const files = email?.attachments.toSorted((a, b) => (a.filename < b.filename ? -1 : 1))
    expect(files?.map(({ filename, contentId }) => [filename, contentId])).toEqual([
      ['invoice.pdf', undefined],
      ['logo.png', 'logo.png'],
      ['note.txt', undefined],
    ])
    expect(files?.map(({ contentType }) => contentType.split(';')[0])).toEqual([
      'application/pdf',
      'image/png',
      'text/plain',
    ])
    expect([...(files?.[0]?.content ?? [])]).toEqual([0, 1, 2, 250, 255])
    expect(files?.[1]?.content.equals(FULL.attachments?.[1]?.content as Buffer)).toBe(true)
    expect(files?.[2]?.content.toString()).toBe('grüß')
  })

  test('text alone, HTML alone, and recipients that are all hidden', async () => {
    const { text: _, ...html } = plainEmail({ html: '<b>Hello</b>' })
    const { id } = await on.under.provider.send(plainEmail())
    await on.under.provider.send(html)
    const { accepted } = await on.under.provider.send(
      plainEmail({ to: [], bcc: ['mia@example.com', 'ben@example.com'] }),
    )
    const [first, second, third] = await on.under.received()
    expect(first).toMatchObject({ text: 'Hello Mia', html: '', attachments: [] })
    expect(id).not.toBe((await on.under.received())[1]?.id)
    expect(second).toMatchObject({ text: '', html: '<b>Hello</b>' })
    expect(third?.bcc.toSorted()).toEqual(['ben@example.com', 'mia@example.com'])
    expect(accepted).toHaveLength(2)
  })

  test('a second send with a key sends nothing more, where the provider takes keys', async () => {
    const { provider } = on.under
    const first = await provider.send(plainEmail(), { idempotencyKey: 'order-7' })
    const again = await provider.send(plainEmail(), { idempotencyKey: 'order-7' })
    expect(await on.under.received()).toHaveLength(provider.takesIdempotencyKeys ? 1 : 2)
    if (provider.takesIdempotencyKeys) expect(again.id).toBe(first.id)
  })
}
