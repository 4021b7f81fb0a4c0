import { inTurn } from '../../lib/infrastructure/email/in-turn.ts'

export const COUNT = 10_000
/** Connections of the pool, on either side. */
export const CONNECTIONS = 5
/** Emails under way at a time: enough that no connection waits for the next. */
const UNDER_WAY = 50

export interface EmailInput {
  port: number
}

export const FROM = 'shop@example.com'
export const emailTo = (n: number) => ({
  to: `p${n}@example.com`,
  subject: `Your order ${n}`,
  text: `Order ${n} is on its way.`,
  html: `<p>Order <b>${n}</b> is on its way.</p>`,
})

/** How long all of them take (s). Throws where one was not accepted. */
export async function timed(send: (n: number) => Promise<unknown>): Promise<number> {
  const warmUp = await inTurn(
    Array.from({ length: 500 }, (_, n) => () => send(n)),
    UNDER_WAY,
  )
  const began = performance.now()
  const settled = await inTurn(
    Array.from({ length: COUNT }, (_, n) => () => send(n)),
    UNDER_WAY,
  )
  const seconds = (performance.now() - began) / 1_000
  for (const outcome of [...warmUp, ...settled]) if (outcome.status === 'rejected') throw outcome.reason
  return seconds
}
