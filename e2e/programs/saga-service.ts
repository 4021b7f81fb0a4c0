/** A service of the fleet with the saga `order`, by the library's public entry points. Whether a step fails is known by who asks. */
import postgres from 'postgres'
import { readConfig } from 'substation/config'
import { fleetConfig, joinFleet } from 'substation/fleet'
import { createSagas, StepRefusedError, saga } from 'substation/saga'
import { answerAsProgram } from '../../lib/infrastructure/testing/program.ts'

const { fleet } = readConfig({ fleet: fleetConfig }, process.env)
const [service = '', databaseUrl = ''] = process.argv.slice(2)
const sql = postgres(databaseUrl, { max: 4, onnotice: () => {} })
const sagas = await createSagas({}, { sql })
const did: string[] = []
let canShip = false
const noted =
  (what: string) =>
  ({ input }: { input: string }) =>
    void did.push(`${what} ${input}`)

const orders = sagas.define(
  saga<string>(`${service}-order`)
    .step('reserve', { run: noted('reserve'), compensate: noted('free') })
    .step('charge', { run: noted('charge'), compensate: noted('refund'), pivot: true })
    .step('ship', {
      run({ input }) {
        if (!canShip) throw new StepRefusedError('no carrier takes the parcel')
        noted('ship')({ input })
      },
    }),
)
sagas.work({ pollMs: 50 })
const member = joinFleet({ ...fleet, service, instance: `${service}-1`, owner: 'shop team', sagas })
await member.start()

answerAsProgram<{ key: string }>(
  {
    start: async ({ key }) => (await orders.start(key, { key })).id,
    repair() {
      canShip = true
    },
    did: ({ key }) => did.filter(what => what.endsWith(key)),
  },
  async () => {
    await member.stop()
    await sagas.close({ timeoutMs: 100 })
    await sql.end()
  },
)
