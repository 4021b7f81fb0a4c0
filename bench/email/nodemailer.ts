import { createTransport } from 'nodemailer'
import { measure } from '../harness/program.ts'
import { CONNECTIONS, COUNT, type EmailInput, emailTo, FROM, timed } from './emails.ts'

/** Its pool as it comes. */
measure<EmailInput>(async ({ port }) => {
  const transport = createTransport({
    pool: true,
    host: '127.0.0.1',
    port,
    maxConnections: CONNECTIONS,
    maxMessages: Infinity,
  })
  const seconds = await timed(n => transport.sendMail({ from: FROM, ...emailTo(n) }))
  transport.close()
  return { value: seconds, extra: { perSecond: COUNT / seconds } }
})
