import { joinFleet } from '../../lib/infrastructure/fleet/index.ts'
import { createScheduler } from '../../lib/infrastructure/scheduler/index.ts'
import { answerAsProgram } from '../../lib/infrastructure/testing/program.ts'

/** A service with one schedule that is due once a year and ends when it is told to. Its name is the argument. */
const [name = ''] = process.argv.slice(2)
const { SUBSTATION_REDIS_URL = '', SUBSTATION_ENVIRONMENT = '', SUBSTATION_FLEET_KEY } = process.env
let runs = 0
const scheduler = await createScheduler({ service: name, redisUrl: SUBSTATION_REDIS_URL, prefix: name })
await scheduler.schedule(
  { name: 'invoices', when: { cron: '30 2 29 3 *', timeZone: 'Europe/Berlin' }, description: 'Writes the invoices' },
  () => {
    runs++
    throw new Error('the printer is out of paper')
  },
)
await scheduler.start()
const member = joinFleet({
  redisUrl: SUBSTATION_REDIS_URL,
  environment: SUBSTATION_ENVIRONMENT,
  service: name,
  instance: `${name}-1`,
  key: SUBSTATION_FLEET_KEY,
  schedules: scheduler,
})
await member.start()

answerAsProgram({ runs: () => runs, paused: () => scheduler.reports()[0]?.paused !== undefined }, async () => {
  await member.stop()
  await scheduler.unschedule('invoices')
  await scheduler.close({ timeoutMs: 100 })
})
