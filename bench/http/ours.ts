import { createHttpClient, recordedCalls } from '../../lib/infrastructure/http/index.ts'
import { createMetrics } from '../../lib/infrastructure/metrics/index.ts'
import { createPolicyRegistry } from '../../lib/infrastructure/resilience/index.ts'
import { measure } from '../harness/program.ts'
import { type HttpInput, measureCalls, ORDER } from './calls.ts'

measure<HttpInput>(async ({ url }) => {
  const client = await createHttpClient({ name: 'bench', baseUrl: url, allowPrivate: ['127.0.0.1'] })
  const policies = createPolicyRegistry()
  policies.declare({
    name: 'bench',
    retry: {},
    breaker: { policy: { kind: 'sampling', threshold: 0.5, durationMs: 10_000 }, halfOpenAfterMs: 10_000 },
  })
  const guarded = await createHttpClient({
    name: 'bench',
    baseUrl: url,
    allowPrivate: ['127.0.0.1'],
    policy: policies.get('bench'),
    auth: { kind: 'bearer', token: 'secret' },
    onCall: recordedCalls(await createMetrics({ adapter: 'memory', maxSeries: 100, processMetrics: false })),
  })
  const { value } = await measureCalls(() => client.post('/orders', ORDER))
  const withPolicyAndMetrics = (await measureCalls(() => guarded.post('/orders', ORDER))).value
  await Promise.all([client.close(), guarded.close()])
  return { value, extra: { withPolicyAndMetrics } }
})
