import type { AddressInfo } from 'node:net'
import { createServer as createTcpServer } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { startMailgun } from '../testing/email/mailgun-server.ts'
import { startResend } from '../testing/email/resend-server.ts'
import { startSendGrid } from '../testing/email/sendgrid-server.ts'
import { startSes } from '../testing/email/ses-server.ts'
import { startSmtp } from '../testing/email/smtp-server.ts'
import { startVendor, type VendorAnswer } from '../testing/email/vendor-server.ts'
import { mailgunEmail } from './adapters/mailgun.ts'
import { resendEmail } from './adapters/resend.ts'
import { sendgridEmail } from './adapters/sendgrid.ts'
import { sesEmail } from './adapters/ses.ts'
import { type SmtpOptions, smtpEmail } from './adapters/smtp.ts'
import { createEmail, type EmailProvider, type ProviderChoice } from './index.ts'
import { fullEmail, plainEmail } from './setting.contract.ts'

const KEY = 'SG.0123456789abcdefghij.0123456789abcdefghij'
const closing: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})
function closed<T extends { close(): Promise<unknown> }>(opened: T): T {
  closing.push(() => opened.close())
  return opened
}

const ofVendors = {
  sendgrid: (baseUrl: string) => sendgridEmail({ apiKey: KEY, baseUrl }),
  mailgun: (baseUrl: string) => mailgunEmail({ apiKey: KEY, baseUrl, domain: 'mg.example.com' }),
  resend: (baseUrl: string) => resendEmail({ apiKey: KEY, baseUrl }),
  ses: (endpoint: string) =>
    sesEmail({
      region: 'eu-central-1',
      endpoint,
      accessKeyId: 'AKIDTEST',
      secretAccessKey: KEY,
      configurationSet: 'events',
    }),
}
type Vendor = keyof typeof ofVendors

test('vendors are told the id of the message in the log, for their webhooks', async () => {
  const servers = {
    sendgrid: closed(await startSendGrid(KEY)),
    mailgun: closed(await startMailgun(KEY, 'mg.example.com')),
    resend: closed(await startResend(KEY)),
    ses: closed(await startSes('AKIDTEST')),
  }
  for (const [vendor, server] of Object.entries(servers)) {
    const provider = closed(ofVendors[vendor as Vendor](server.url))
    await provider.send(fullEmail(), { messageId: '01MESSAGE' })
    const sent = String(server.requests[0]?.body)
    expect(sent).toContain('01MESSAGE')
    if (vendor === 'ses') expect(sent).toContain('"ConfigurationSetName":"events"')
  }
  const server = closed(await startSmtp({ user: 'shop', password: KEY }))
  const { id } = await smtpAt(server.url).send(plainEmail(), { messageId: '01MESSAGE' })
  expect(id).toBe('<01MESSAGE@example.com>')
  expect(server.emails[0]?.id).toBe(id)
})

/** A vendor that always answers this. */
async function answering(vendor: Vendor, answer: VendorAnswer): Promise<EmailProvider> {
  const server = await startVendor({
    isAuthorised: () => true,
    error: () => answer,
    accept: async () => ({ answer }),
    strange: answer,
  })
  return closed(ofVendors[vendor](closed(server).url))
}
const page = (status: number): VendorAnswer => ({
  status,
  headers: { 'content-type': 'text/html' },
  body: `<h1>Bad gateway</h1> for ${KEY} and password=hunter2`,
})
const body = (status: number, given: unknown): VendorAnswer => ({ status, body: JSON.stringify(given) })

test.for(['sendgrid', 'mailgun', 'resend', 'ses'] as const)(
  '%s: the page of a proxy is a failure that says no secret',
  async vendor => {
    for (const [status, code, notDone] of [
      [502, 'EMAIL_UNAVAILABLE', false],
      [503, 'EMAIL_UNAVAILABLE', true],
      [403, 'EMAIL_AUTHENTICATION', true],
    ] as const) {
      const provider = await answering(vendor, page(status))
      const error = await provider.send(plainEmail()).catch(thrown => thrown)
      expect(error).toMatchObject({ name: 'EmailError', code, notDone, vendor: { status } })
      expect(JSON.stringify([error.message, error.vendor])).not.toMatch(/0123456789abcdefghij|hunter2/)
    }
  },
)

test.for<[Vendor, unknown, string]>([
  ['sendgrid', null, 'EMAIL_REFUSED'],
  ['sendgrid', { errors: 'many' }, 'EMAIL_REFUSED'],
  ['sendgrid', { errors: [{ message: 'The from address is not verified' }, null] }, 'EMAIL_REFUSED'],
  ['mailgun', {}, 'EMAIL_REFUSED'],
  ['mailgun', { error: 'to is missing' }, 'EMAIL_REFUSED'],
  ['resend', { name: 'validation_error', statusCode: 400, message: 'to is missing' }, 'EMAIL_REFUSED'],
  ['resend', { name: 'concurrent_idempotent_requests', statusCode: 409, message: 'under way' }, 'EMAIL_UNAVAILABLE'],
  ['resend', { oops: true }, 'EMAIL_ANSWER'],
  ['ses', {}, 'EMAIL_REFUSED'],
])('%s: an error with the body %j', async ([vendor, given, code]) => {
  const provider = await answering(vendor, body(400, given))
  await expect(provider.send(plainEmail())).rejects.toMatchObject({ name: 'EmailError', code })
})

test.for<[Vendor, VendorAnswer]>([
  ['sendgrid', { status: 200, body: '{}' }],
  ['mailgun', { status: 200, body: 'Mailgun is fine' }],
  ['resend', { status: 200, body: 'null' }],
  ['ses', { status: 200, body: '<html>' }],
])('%s: an acceptance in other words leaves the outcome open', async ([vendor, answer]) => {
  const provider = await answering(vendor, answer)
  const error = await provider.send(plainEmail()).catch(thrown => thrown)
  expect(error).toMatchObject({ name: 'EmailError', notDone: false })
})

test('SES that throttles has sent nothing, whatever the status', async () => {
  const provider = await answering('ses', {
    ...body(400, { message: 'Maximum sending rate exceeded.' }),
    headers: { 'x-amzn-errortype': 'ThrottlingException' },
  })
  await expect(provider.send(plainEmail())).rejects.toMatchObject({ code: 'EMAIL_RATE_LIMITED', notDone: true })
})

function smtpAt(url: string, more: Partial<SmtpOptions> = {}) {
  const { hostname: host, port } = new URL(url)
  return closed(smtpEmail({ host, port: Number(port), user: 'shop', password: KEY, ...more }))
}

test('what is left of a limit is known, where the vendor says it', async () => {
  for (const [headers, quota] of [
    [
      { 'ratelimit-limit': '10', 'ratelimit-remaining': '7', 'ratelimit-reset': '1' },
      { limit: 10, remaining: 7, resetsAt: expect.any(Number) },
    ],
    [{ 'ratelimit-remaining': '0' }, { remaining: 0 }],
    [{}, undefined],
  ] as [Record<string, string>, object | undefined][]) {
    const provider = await answering('resend', { ...body(200, { id: 're-1' }), headers })
    expect(provider.quota?.()).toBeUndefined()
    await provider.send(plainEmail())
    expect(provider.quota?.()).toEqual(quota)
  }
})

/** An SMTP server that says this, line for line, to whatever it hears. */
async function saying(...lines: string[]): Promise<string> {
  const server = createTcpServer(socket => {
    const left = [...lines]
    const say = () => socket.write(`${left.shift() ?? '500 no more'}\r\n`)
    socket.on('error', () => undefined)
    socket.on('data', say)
    say()
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  closing.push(() => new Promise(resolve => server.close(resolve)))
  return `smtp://127.0.0.1:${(server.address() as AddressInfo).port}`
}

test.for<[string, string[], Partial<SmtpOptions>, object]>([
  ['what is no SMTP', ['HTTP/1.1 400 Bad Request'], {}, { code: 'EMAIL_ANSWER' }],
  ['a server that is closing', ['421 too busy'], {}, { code: 'EMAIL_UNAVAILABLE', notDone: true }],
  [
    'one that wants credentials',
    ['220 hi', '250 hello', '530 5.7.0 Authentication required'],
    { user: undefined },
    { code: 'EMAIL_AUTHENTICATION' },
  ],
  [
    'one without the TLS that is asked for',
    ['220 hi', '250 hello', '502 what?'],
    { requireTls: true },
    { notDone: true },
  ],
  ['TLS where there is none', ['220 hi'], { secure: true }, { code: 'EMAIL_UNREACHABLE', notDone: true }],
])('SMTP: %s', async ([, lines, options, expected]) => {
  const provider = smtpAt(await saying(...lines), options as Partial<SmtpOptions>)
  await expect(provider.send(plainEmail())).rejects.toMatchObject({ name: 'EmailError', ...expected })
})

test('SMTP: recipients that are refused are told from those that are not', async () => {
  const url = await saying('220 hi', '250 hello', '250 from', '250 to', '550 no such user', '354 go', '250 done')
  const answer = await smtpAt(url, { user: undefined }).send(plainEmail({ to: ['mia@example.com', 'ben@example.com'] }))
  expect(answer).toMatchObject({ accepted: ['mia@example.com'], rejected: ['ben@example.com'] })
})

test('SMTP: a host that does not resolve was not reached', async () => {
  const provider = smtpAt('smtp://host.invalid:25')
  await expect(provider.send(plainEmail())).rejects.toMatchObject({ code: 'EMAIL_UNREACHABLE', notDone: true })
})

test('each adapter is opened by its name, under the name that it is given', async () => {
  const choices: ProviderChoice[] = [
    { adapter: 'smtp', name: 'a', host: '127.0.0.1', port: 465 },
    { adapter: 'sendgrid', name: 'b', apiKey: KEY },
    { adapter: 'ses', name: 'c', region: 'eu-central-1' },
    { adapter: 'mailgun', name: 'd', apiKey: KEY, domain: 'mg.example.com' },
    { adapter: 'resend', name: 'e', apiKey: KEY },
    { adapter: 'outbox', name: 'f' },
  ]
  const emails = closed(await createEmail({ from: 'shop@example.com', providers: choices }))
  expect(emails.failover.report().providers.map(({ name }) => name)).toEqual(['a', 'b', 'c', 'd', 'e', 'f'])
  emails.failover.force({ provider: 'f', id: 'o', reason: 'a test', by: 'mia' })
  expect(await emails.send({ to: 'mia@example.com', subject: 'Hello', text: 'Hello' })).toMatchObject({ provider: 'f' })
})
