import { Agent, request } from 'undici'
import { measure } from '../harness/program.ts'
import { type HttpInput, measureCalls, ORDER } from './calls.ts'

/** What a service writes by hand, with the timeout that every call needs. */
measure<HttpInput>(async ({ url }) => {
  const dispatcher = new Agent()
  const measured = await measureCalls(async () => {
    const { body } = await request(`${url}/orders`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json', 'user-agent': 'bench' },
      body: JSON.stringify(ORDER),
      signal: AbortSignal.timeout(10_000),
      dispatcher,
    })
    return body.json()
  })
  await dispatcher.close()
  return measured
})
