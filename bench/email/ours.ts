import { createEmail } from '../../lib/infrastructure/email/index.ts'
import { measure } from '../harness/program.ts'
import { CONNECTIONS, COUNT, type EmailInput, emailTo, FROM, timed } from './emails.ts'

/** Through the port, with its checks, policy and failover. */
measure<EmailInput>(async ({ port }) => {
  const emails = await createEmail({
    from: FROM,
    providers: [{ adapter: 'smtp', host: '127.0.0.1', port, connections: CONNECTIONS }],
  })
  const seconds = await timed(n => emails.send(emailTo(n)))
  await emails.close()
  return { value: seconds, extra: { perSecond: COUNT / seconds } }
})
