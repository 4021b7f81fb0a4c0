import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import PostalMime, { type Address } from 'postal-mime'
import { SMTPServer } from 'smtp-server'
import type { ReceivedEmail } from '../../email/email.contract.ts'
import { type EmailServer, inbox } from './received-email.ts'

const replied = (responseCode: number, message: string) => Object.assign(new Error(message), { responseCode })

/** An SMTP server on loopback that parses what it takes, and can be told to fail. */
export async function startSmtp({ user, password }: { user: string; password: string }): Promise<EmailServer> {
  const { emails, add, fail, nextFault, nextArrival } = inbox()
  const server = new SMTPServer({
    authOptional: false,
    allowInsecureAuth: true,
    disabledCommands: ['STARTTLS'],
    onAuth(auth, _session, done) {
      if (auth.username === user && auth.password === password) done(null, { user })
      else done(replied(535, `5.7.8 Authentication credentials invalid: ${auth.password}`))
    },
    async onData(stream, { envelope }, done) {
      const fault = nextFault()
      const content = await buffer(stream)
      if (fault?.kind === 'reset') {
        for (const connection of server.connections) connection._socket.destroy()
        return
      }
      if (fault?.kind === 'status') return done(replied(fault.status, 'It is not accepted'))
      add(
        await received(
          content,
          envelope.rcptTo.map(({ address }) => address),
        ),
      )
      if (fault?.kind === 'silent') return
      done()
    },
  }) as SMTPServer & { connections: Set<{ _socket: { destroy(): void } }> }
  // A client that was told to leave ends its connection as it likes.
  server.on('error', () => undefined)
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `smtp://127.0.0.1:${(server.server.address() as AddressInfo).port}`,
    emails,
    fail,
    nextArrival,
    async close() {
      for (const connection of server.connections) connection._socket.destroy()
      await new Promise<void>(resolve => server.close(resolve))
    },
  }
}

async function received(content: Buffer, recipients: string[]): Promise<ReceivedEmail> {
  const mail = await PostalMime.parse(content)
  const addressesOf = (addresses: Address[] = []) => addresses.map(({ address }) => address ?? '')
  const inHeaders = [...addressesOf(mail.to), ...addressesOf(mail.cc)]
  return {
    id: mail.messageId ?? '',
    from: mail.from?.address ?? '',
    to: addressesOf(mail.to),
    cc: addressesOf(mail.cc),
    bcc: recipients.filter(address => !inHeaders.includes(address)),
    replyTo: addressesOf(mail.replyTo),
    subject: mail.subject ?? '',
    text: (mail.text ?? '').trimEnd(),
    html: (mail.html ?? '').trimEnd(),
    headers: Object.fromEntries(mail.headers.map(({ key, value }) => [key, value])),
    attachments: mail.attachments.map(({ filename, mimeType, content: bytes, contentId, disposition }) => ({
      filename: filename ?? '',
      contentType: mimeType,
      content: Buffer.from(bytes as ArrayBuffer),
      ...(disposition === 'inline' && contentId ? { contentId: contentId.replace(/^<|>$/g, '') } : {}),
    })),
  }
}
