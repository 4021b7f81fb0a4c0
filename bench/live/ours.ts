import { measure } from '../harness/program.ts'
import { CLIENTS, measurement, pause, summary, timeEvents } from './arrivals.ts'
import { openStream } from './sse-client.ts'

export interface LiveInput {
  url: string
  environment: string
  cookie: string
}

const WARM = 20
const COUNTED = 100
const AMONG_THOUSAND = 40

measure<LiveInput>(async (input, ask) => {
  const clients = await Promise.all(Array.from({ length: CLIENTS }, () => openStream(input)))
  const heard = clients.map(client => client.heard)
  const cause = () => ask('transition') as Promise<string>
  await timeEvents(heard, WARM, cause)
  const taken = await timeEvents(heard, COUNTED, cause)
  await ask('a thousand join')
  await pause(3_000)
  const among = await timeEvents(heard, AMONG_THOUSAND, cause)
  await ask('a thousand leave')
  for (const client of clients) client.close()
  const amongThousand = measurement(among)
  return measurement(taken, {
    'amongThousand.p95': amongThousand.value,
    ...summary(among, 'amongThousand'),
  })
})
