import { measure } from '../harness/program.ts'
import { type HttpInput, measureCalls, ORDER } from './calls.ts'

measure<HttpInput>(({ url }) =>
  measureCalls(async () => {
    const answer = await fetch(`${url}/orders`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json' },
      body: JSON.stringify(ORDER),
      signal: AbortSignal.timeout(10_000),
    })
    return answer.json()
  }),
)
