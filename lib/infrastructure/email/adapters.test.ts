import { afterAll, beforeAll, expect, test } from 'vitest'
import { createMessages } from '../messages/index.ts'
import { startMailgun } from '../testing/email/mailgun-server.ts'
import type { EmailServer } from '../testing/email/received-email.ts'
import { startResend } from '../testing/email/resend-server.ts'
import { startSendGrid } from '../testing/email/sendgrid-server.ts'
import { startSes } from '../testing/email/ses-server.ts'
import { startSmtp } from '../testing/email/smtp-server.ts'
import { guardLoopback } from '../testing/loopback-guard.ts'
import { mailgunEmail } from './adapters/mailgun.ts'
import { outboxEmail } from './adapters/outbox.ts'
import { resendEmail } from './adapters/resend.ts'
import { sendgridEmail } from './adapters/sendgrid.ts'
import { sesEmail } from './adapters/ses.ts'
import { smtpEmail } from './adapters/smtp.ts'
import { emailContract } from './email.contract.ts'
import { emailOf } from './kept.ts'
import type { EmailProvider } from './port.ts'
import type { EmailUnderTest } from './setting.contract.ts'

let guard: ReturnType<typeof guardLoopback>
beforeAll(() => {
  guard = guardLoopback()
})
afterAll(() => {
  guard.stop()
  // Nothing has left the machine.
  expect(guard.escapes).toEqual(['192.0.2.1', 'api.example.com'])
})

test('the guard sees what would leave the machine', async () => {
  await expect(fetch('http://192.0.2.1/')).rejects.toThrow()
  await expect(fetch('http://api.example.com/')).rejects.toThrow()
})

const HTTP = {
  statuses: { busy: 429, broken: 500, refused: 400 },
  retryAfter: true,
  brokenSentNothing: false,
  tellsUnreachable: true,
  hasShapes: true,
}
const KEY = 'SG.0123456789abcdefghij.0123456789abcdefghij'

/** An adapter against a server of its own; `open` makes it for a secret and an address. */
async function under(
  server: EmailServer,
  secret: string,
  open: (secret: string, url: string) => EmailProvider,
  more: Partial<EmailUnderTest['server']> = {},
): Promise<EmailUnderTest> {
  const opened: EmailProvider[] = []
  const opening = (own: string, url: string) => {
    const provider = open(own, url)
    opened.push(provider)
    return provider
  }
  let isOpen = true
  const close = async () => {
    if (isOpen) await server.close()
    isOpen = false
  }
  return {
    provider: opening(secret, server.url),
    received: async () => server.emails,
    server: {
      ...HTTP,
      ...more,
      fail: server.fail,
      nextArrival: server.nextArrival,
      withWrongSecret: wrong => opening(wrong, server.url),
      async gone() {
        await close()
        return opening(secret, server.url)
      },
    },
    async close() {
      await Promise.all(opened.map(provider => provider.close()))
      await close()
    },
  }
}

const smtpAt = (url: string, password: string) => {
  const { hostname: host, port } = new URL(url)
  return smtpEmail({ host, port: Number(port), user: 'shop', password })
}

emailContract('SMTP', async () =>
  under(await startSmtp({ user: 'shop', password: KEY }), KEY, (secret, url) => smtpAt(url, secret), {
    statuses: { busy: 450, broken: 451, refused: 550 },
    retryAfter: false,
    brokenSentNothing: true,
    hasShapes: false,
  }),
)
emailContract('SendGrid', async () =>
  under(await startSendGrid(KEY), KEY, (apiKey, baseUrl) => sendgridEmail({ apiKey, baseUrl })),
)
emailContract('Mailgun', async () =>
  under(
    await startMailgun(KEY, 'mg.example.com'),
    KEY,
    (apiKey, baseUrl) => mailgunEmail({ apiKey, baseUrl, domain: 'mg.example.com' }),
    { retryAfter: false },
  ),
)
emailContract('Resend', async () =>
  under(await startResend(KEY), KEY, (apiKey, baseUrl) => resendEmail({ apiKey, baseUrl }), {
    tellsUnreachable: false,
  }),
)
emailContract('SES', async () =>
  under(await startSes('AKIDTEST'), 'AKIDTEST', (accessKeyId, endpoint) =>
    sesEmail({ region: 'eu-central-1', endpoint, accessKeyId, secretAccessKey: KEY }),
  ),
)
emailContract(
  'the outbox',
  async () => {
    const messages = await createMessages()
    return {
      provider: outboxEmail({ messages }),
      async received() {
        const { messages: kept } = await messages.list({ channel: 'email' })
        const found = await Promise.all(kept.toReversed().map(({ id }) => messages.find(id)))
        return found.map(message => {
          const { from, to, cc, bcc, replyTo, headers, text = '', html = '', ...rest } = emailOf(message?.content)
          const bare = (addresses: { email: string }[]) => addresses.map(({ email }) => email)
          return {
            ...rest,
            id: message?.id ?? '',
            from: from.email,
            to: bare(to),
            cc: bare(cc),
            bcc: bare(bcc),
            replyTo: bare(replyTo),
            headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value])),
            text,
            html,
          }
        })
      },
      close: () => messages.close(),
    }
  },
  { sends: false },
)
