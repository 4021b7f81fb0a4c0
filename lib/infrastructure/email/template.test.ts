import { createElement } from 'react'
import { expect, test } from 'vitest'
import { createEmail, emailTemplate } from './index.ts'

interface Order {
  name: string
  total: number
}

const plain = emailTemplate<Order>('receipt', {
  subject: ({ total }) => `Your receipt over ${total} €`,
  html: ({ name, total }) => `<h1>Hello ${name}</h1><p>You paid <b>${total} €</b>.</p>`,
  sample: { name: 'Mia', total: 49 },
})
const react = emailTemplate<Order>('receipt-react', {
  subject: () => 'Your receipt',
  html: ({ name }) =>
    createElement(
      'div',
      null,
      createElement('p', null, `Hello ${name}`),
      createElement('a', { href: 'https://shop.example' }, 'Shop'),
    ),
})

test('a preview shows what would be sent, with its sample or other variables', async () => {
  const emails = await createEmail({})
  expect(await emails.preview(plain)).toEqual({
    subject: 'Your receipt over 49 €',
    html: '<h1>Hello Mia</h1><p>You paid <b>49 €</b>.</p>',
    text: expect.stringMatching(/hello mia[\s\S]*You paid 49 €\./i),
  })
  expect((await emails.preview(plain, { name: 'Ben', total: 7 })).subject).toBe('Your receipt over 7 €')
  await expect(emails.preview(react)).rejects.toMatchObject({ code: 'EMAIL_INVALID' })
  await emails.close()
})

test('a React element becomes HTML and text; what is inserted is escaped', async () => {
  const emails = await createEmail({})
  const { html, text } = await emails.preview(react, { name: '<script>', total: 1 })
  expect(html).toContain('<p>Hello &lt;script&gt;</p>')
  expect(text).toContain('Hello <script>')
  expect(text).toContain('https://shop.example')
  await emails.close()
})

test('a template may have a text of its own, or text alone', async () => {
  const emails = await createEmail({})
  const both = emailTemplate<Order>('both', { ...plain, text: ({ name }) => `Hi ${name}` })
  expect((await emails.preview(both, { name: 'Mia', total: 1 })).text).toBe('Hi Mia')
  const text = emailTemplate<Order>('text', { subject: () => 'Hi', text: ({ name }) => `Hi ${name}` })
  expect(await emails.preview(text, { name: 'Mia', total: 1 })).toEqual({ subject: 'Hi', text: 'Hi Mia' })
  const none = emailTemplate<Order>('none', { subject: () => 'Hi' })
  await expect(
    emails.sendTemplate(none, { name: 'Mia', total: 1 }, { from: 'a@example.com', to: 'b@example.com' }),
  ).rejects.toThrow('text or HTML')
  await emails.close()
})
