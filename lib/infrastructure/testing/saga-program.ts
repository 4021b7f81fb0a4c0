import { setTimeout as pause } from 'node:timers/promises'
import postgres from 'postgres'
import { createSagas, StepRefusedError, saga } from '../saga/index.ts'
import { answerAsProgram } from './program.ts'

/**
 * A process that carries out orders: `reserve` and `ship` in transactions, `charge` with an effect of its own, each noted in the table `effect`. It
 * waits at the moment that the table `gate` names, such as `charge:after`, and says so in `reached`. Arguments: Postgres.
 */
const [url = ''] = process.argv.slice(2)
const sql = postgres(url, { max: 6, onnotice: () => {} })
const sagas = await createSagas({}, { sql })

async function pass(moment: string): Promise<void> {
  const isClosed = async () => (await sql`select 1 from gate where moment = ${moment}`).length > 0
  if (!(await isClosed())) return
  await sql`insert into reached values (${moment})`
  while (await isClosed()) await pause(5)
}

function step(name: string, transactional: boolean) {
  const does = (what: string) => async (context: { idempotencyKey: string; in?: postgres.TransactionSql }) => {
    await pass(`${what}:before`)
    await (context.in ?? sql)`insert into effect (what, key) values (${what}, ${context.idempotencyKey})`
    await pass(`${what}:after`)
  }
  return { run: does(name), compensate: does(`undo ${name}`), transactional }
}

const orders = sagas.define(
  saga<{ refused: boolean }>('order')
    .step('reserve', step('reserve', true))
    .step('charge', step('charge', false))
    .step('ship', step('ship', true))
    .step('tell', {
      run({ input }) {
        if (input.refused) throw new StepRefusedError('no address')
      },
    }),
)
sagas.work({ pollMs: 20, leaseMs: 400 })

answerAsProgram<{ refused: boolean }>({ start: async input => (await orders.start(input)).id }, async () => {
  await sagas.close()
  await sql.end()
})
