import type { AddressInfo } from 'node:net'
import { SMTPServer } from 'smtp-server'
import type { Bench } from '../harness/definition.ts'
import { spreadOf, spreadsOf } from '../harness/statistics.ts'
import { COUNT } from './emails.ts'

/** The least rate, as a share of nodemailer's. */
const LEAST = 0.9

export default {
  summary: `${COUNT.toLocaleString('en')} emails to an SMTP server on loopback through the port, beside nodemailer's pool`,
  unit: `s/${COUNT.toLocaleString('en')}`,
  async prepare({ closing }) {
    const server = new SMTPServer({
      authOptional: true,
      disabledCommands: ['STARTTLS'],
      onData(stream, _session, done) {
        stream.on('end', () => done()).resume()
      },
    })
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    closing(() => new Promise<void>(resolve => server.close(resolve)))
    const { port } = server.server.address() as AddressInfo
    const contender = (program: URL) => ({ program, before: async () => ({ port }) })
    return {
      ours: contender(new URL('./ours.ts', import.meta.url)),
      peers: { nodemailer: contender(new URL('./nodemailer.ts', import.meta.url)) },
      async conclude({ ours, peers }) {
        const nodemailer = peers.nodemailer ?? []
        const medianOf = (runs: typeof ours) => spreadOf(runs.map(run => run.value)).median
        return {
          checks: [
            {
              what: `time, by nodemailer's, at ${LEAST} times its rate`,
              limit: 1 / LEAST,
              measured: medianOf(ours) / medianOf(nodemailer),
            },
          ],
          extra: { ours: spreadsOf(ours), nodemailer: spreadsOf(nodemailer) },
        }
      },
    }
  },
} satisfies Bench
