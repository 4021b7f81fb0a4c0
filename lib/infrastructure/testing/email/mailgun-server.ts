import { randomUUID } from 'node:crypto'
import type { ReceivedEmail } from '../../email/email.contract.ts'
import { bareAddress } from './received-email.ts'
import { json, startVendor } from './vendor-server.ts'

/** `POST /v3/{domain}/messages` as Mailgun documents it. */
export const startMailgun = (apiKey: string, domain: string) =>
  startVendor({
    isAuthorised: ({ headers }) => headers.authorization === `Basic ${Buffer.from(`api:${apiKey}`).toString('base64')}`,
    error: status =>
      status === 401
        ? { status, headers: { 'content-type': 'text/plain' }, body: 'Forbidden' }
        : json(status, { message: `Internal error of ${apiKey}` }),
    async accept({ method, path, headers, body }) {
      if (method !== 'POST' || path !== `/v3/${domain}/messages`)
        return { answer: json(404, { message: `Domain not found: ${path}` }) }
      const form = await new Response(new Uint8Array(body), {
        headers: { 'content-type': String(headers['content-type']) },
      }).formData()
      for (const field of ['from', 'to'])
        if (!form.get(field)) return { answer: json(400, { message: `${field} parameter is missing` }) }
      if (!form.get('text') && !form.get('html'))
        return { answer: json(400, { message: "Need at least one of 'text' or 'html' parameters specified" }) }
      const email = await received(form, `${randomUUID()}@${domain}`)
      return { email, answer: json(200, { id: `<${email.id}>`, message: 'Queued. Thank you.' }) }
    },
    strange: json(200, { status: 'ok', queue: { position: 4 } }),
  })

async function received(form: FormData, id: string): Promise<ReceivedEmail> {
  const texts = (field: string) => form.getAll(field).map(value => bareAddress(String(value)))
  const files = (field: string) =>
    Promise.all(
      form.getAll(field).map(async file => {
        const { name, type } = file as File
        const content = Buffer.from(await (file as File).arrayBuffer())
        return { filename: name, contentType: type, content, ...(field === 'inline' ? { contentId: name } : {}) }
      }),
    )
  const headers = [...form].filter(([field]) => field.startsWith('h:'))
  return {
    id,
    from: bareAddress(String(form.get('from'))),
    to: texts('to'),
    cc: texts('cc'),
    bcc: texts('bcc'),
    replyTo: texts('h:Reply-To'),
    subject: String(form.get('subject') ?? ''),
    // Browsers' form data ends lines with CRLF.
    text: String(form.get('text') ?? '').replaceAll('\r\n', '\n'),
    html: String(form.get('html') ?? ''),
    headers: Object.fromEntries(headers.map(([field, value]) => [field.slice(2).toLowerCase(), String(value)])),
    attachments: [...(await files('attachment')), ...(await files('inline'))],
  }
}
