import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Call, httpServer, listen, type Reply, reply } from '../shared/http-server.ts'
import { endPlainly } from '../shared/parent.ts'
import { Faults, type Provider, readModes } from './faults.ts'

/**
 * The third parties: a payment provider, a tax service and a mail provider. They belong to no fleet and know nothing of
 * the library; what they do wrong is in faults.ts.
 */
const faults = new Faults()
const NEVER = new Promise<Reply>(() => undefined)
const latency = (from: number, to: number) => sleep(from + Math.random() * (to - from))

function provider(name: Provider, serve: (call: Call) => Reply | Promise<Reply>) {
  return async (call: Call): Promise<Reply> => {
    const behaviour = faults.meet(name)
    if (behaviour === 'hang') return NEVER
    await latency(10, 40)
    return behaviour === 'fail' ? reply(503, { error: `${name} is out of order` }) : serve(call)
  }
}

/** The card whose bank says no: not the provider's fault. */
const DECLINED = 'card-declined'
const isClosed = (mailbox: unknown) => String(mailbox).endsWith('@closed.example')
let lookups = 0

function deliver({ body }: Call): Reply {
  const { to, id = randomUUID() } = (body ?? {}) as { to?: unknown; id?: unknown }
  return isClosed(to) ? reply(550, { error: `550 5.1.1 ${String(to)}: mailbox unavailable` }) : reply(202, { id })
}

const server = httpServer([
  {
    method: 'POST',
    path: '/payments/authorise',
    handle: provider('payments', ({ body }) => {
      const { card } = (body ?? {}) as { card?: unknown }
      return card === DECLINED ? reply(402, { error: 'the card was declined' }) : reply(200, { authorised: true })
    }),
  },
  { method: 'POST', path: '/payments/capture', handle: provider('payments', () => reply(200, { captured: true })) },
  { method: 'POST', path: '/payments/refund', handle: provider('payments', () => reply(200, { refunded: true })) },
  {
    method: 'GET',
    path: '/tax',
    handle: provider('tax', () => {
      lookups++
      return lookups % 40 === 0 ? reply(500, { error: 'a hiccup' }) : reply(200, { rate: 0.21 })
    }),
  },
  { method: 'POST', path: '/mail', handle: provider('mail', deliver) },
  // Another company, which stays up while the first is down.
  {
    method: 'POST',
    path: '/mail-backup',
    async handle(call) {
      await latency(30, 90)
      return deliver(call)
    },
  },
  { method: 'GET', path: '/control', handle: () => reply(200, faults.report()) },
  {
    method: 'POST',
    path: '/control',
    handle({ body }) {
      const modes = readModes(body)
      if (typeof modes === 'string') return reply(400, { error: modes })
      faults.set(modes)
      return reply(200, faults.report())
    },
  },
])

endPlainly(() => server.closeAllConnections())
await listen(server, Number(process.env.DEMO_PORT))
console.log(`upstream listens on 127.0.0.1:${process.env.DEMO_PORT}`)
