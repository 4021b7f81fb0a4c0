import { execFileSync } from 'node:child_process'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'

const SDKS = [
  '@aws-sdk/client-sesv2',
  '@react-email/render',
  '@sendgrid/mail',
  'mailgun.js',
  'nodemailer',
  'react',
  'resend',
]

/** The packages of others that a process has loaded once it has run this. */
function loadedBy(options: object, then = ''): string[] {
  const program = `
    import { registerHooks } from 'node:module'
    const seen = new Set()
    registerHooks({
      load(url, context, next) {
        const name = /node_modules\\/((?:@[^/]+\\/)?[^/]+)\\/(?!.*node_modules)/.exec(url)?.[1]
        if (name) seen.add(name)
        return next(url, context)
      },
    })
    const { createEmail } = await import(${JSON.stringify(new URL('index.ts', import.meta.url).href)})
    const emails = await createEmail(${JSON.stringify({ from: 'shop@example.com', ...options })})
    ${then}
    await emails.close()
    console.log(JSON.stringify([...seen]))`
  const said = execFileSync(process.execPath, [
    '--disable-warning=ExperimentalWarning',
    '--input-type=module',
    '-e',
    program,
  ])
  return JSON.parse(said.toString())
    .filter((name: string) => SDKS.includes(name))
    .sort()
}

const server = createServer((_, answer) => answer.writeHead(500).end())
let url = ''
beforeAll(async () => {
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(() => server.close())

test.for<[object, string[]]>([
  [{}, []],
  [{ providers: [{ adapter: 'smtp', host: '127.0.0.1', port: 1 }] }, ['nodemailer']],
  [{ providers: [{ adapter: 'sendgrid', apiKey: 'SG.x', baseUrl: url }] }, ['@sendgrid/mail']],
  [{ providers: [{ adapter: 'mailgun', apiKey: 'x', domain: 'x', baseUrl: url }] }, ['mailgun.js']],
  [{ providers: [{ adapter: 'resend', apiKey: 'x', baseUrl: url }] }, ['resend']],
  [{ providers: [{ adapter: 'ses', region: 'eu-central-1', endpoint: url }] }, ['@aws-sdk/client-sesv2']],
])('%j loads %j and no other SDK', ([options, expected]) => {
  expect(loadedBy(options)).toEqual(expected)
})

test('what derives a text from HTML is loaded with the first email that needs it', () => {
  const send = (body: string) => `await emails.send({ to: 'mia@example.com', subject: 'x', ${body} })`
  expect(loadedBy({}, send("text: 'x'"))).toEqual([])
  expect(loadedBy({}, send("html: '<p>x</p>', text: 'x'"))).toEqual([])
  expect(loadedBy({}, send("html: '<p>x</p>'"))).toContain('@react-email/render')
})
