/** A service of the fleet with one queue, whose worker takes jobs only while the breaker of what they need is closed. */
import { readConfig } from 'substation/config'
import { fleetConfig, joinFleet } from 'substation/fleet'
import { createQueues } from 'substation/queue'
import { createBreakerRegistry } from 'substation/resilience'
import { answerAsProgram } from '../../lib/infrastructure/testing/program.ts'

const { fleet } = readConfig({ fleet: fleetConfig }, process.env)
const [name = '', redisUrl = ''] = process.argv.slice(2)
const breakers = createBreakerRegistry()
const breaker = breakers.create({
  name: `${name}-bank`,
  policy: { kind: 'consecutive', failures: 1 },
  halfOpenAfterMs: 600_000,
})
const queues = await createQueues({ redisUrl, prefix: 'held' }, { breakers })
const queue = await queues.queue(name)
await queues.work(name, () => breaker.execute(() => {}), { dependsOn: [breaker.name], resumePerSecond: 1_000 })
const { service = 'payroll', instance = 'payroll-1', ...membership } = fleet
const member = joinFleet({ ...membership, service, instance, breakers, workers: queues })
await member.start()

answerAsProgram<{ jobs: number }>(
  {
    /** What it needs fails once, which opens the breaker. */
    fail: () => breaker.execute(() => Promise.reject(new Error('the bank is closed'))).catch(() => {}),
    /** What it needs is there again. */
    reset: () => breaker.reset(),
    add: ({ jobs }) =>
      queue.addBulk(Array.from({ length: jobs }, () => ({ name: 'pay', data: {}, options: { attempts: 1 } }))),
    counts: () => queue.counts(),
  },
  async () => {
    await member.stop()
    await queues.close({ timeoutMs: 1_000 })
  },
)
