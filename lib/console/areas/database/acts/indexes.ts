import { setTimeout as pause } from 'node:timers/promises'
import { z } from 'zod'
import {
  concurrently,
  dropIndexStatement,
  type IndexState,
  indexesQuestion,
} from '../../../../infrastructure/insight/index.ts'
import type { ConsoleEnvironment } from '../../../platform/environment/port.ts'
import type { RunControl, RunOutcome } from '../../../platform/operation/define.ts'
import { failureOf, maintain } from './maintain.ts'
import { databaseOf } from './target.ts'

/** For how long an index that was built or dropped can be dropped or built again. */
export const UNDO_FOR = 24 * 3_600_000

/** What undoing needs: the index, and how to build it where it was dropped. */
const Undone = z.object({
  database: z.string(),
  schema: z.string(),
  name: z.string(),
  waitMs: z.number(),
  definition: z.string().optional(),
})

export async function dropAgain(
  environment: ConsoleEnvironment,
  state: unknown,
  control: RunControl,
): Promise<RunOutcome> {
  const { database, schema, name, waitMs } = Undone.parse(state)
  const done = await maintain(
    environment,
    database,
    { statement: dropIndexStatement(schema, name), lockTimeoutMs: waitMs },
    control,
  )
  return done.failed
    ? failureOf(done, control, `Dropping ${name}`)
    : { status: 'succeeded', summary: `Dropped ${name} again.` }
}

export async function buildAgain(
  environment: ConsoleEnvironment,
  state: unknown,
  control: RunControl,
): Promise<RunOutcome> {
  const { database, schema, name, waitMs, definition = '' } = Undone.parse(state)
  const what = { statement: concurrently(definition), lockTimeoutMs: waitMs, builds: { schema, name } }
  const done = await maintain(environment, database, what, control)
  return done.failed
    ? failureOf(done, control, `Building ${name} again`)
    : { status: 'succeeded', summary: `Built ${name} again.` }
}

/** How long a backend whose console was lost may go on before the outcome counts as unknown (ms). */
const WAIT_MS = 30_000

/** The index once no one builds it any more: Postgres ends what a lost console had begun within seconds. */
export async function settledIndex(
  environment: ConsoleEnvironment,
  { database, schema, name }: { database: string; schema: string; name: string },
  signal: AbortSignal,
): Promise<IndexState | undefined | 'building'> {
  const until = performance.now() + WAIT_MS
  for (;;) {
    const { indexes } = await databaseOf(environment, database).ask(indexesQuestion)
    const found = indexes.find(index => index.schema === schema && index.name === name)
    if (!found?.building) return found
    if (signal.aborted || performance.now() > until) return 'building'
    await pause(500, undefined, { signal }).catch(() => {})
  }
}

/** What became of a build whose console was lost: its name is in the ledger, the rest in the database. */
export async function recoverBuild(
  environment: ConsoleEnvironment,
  { database, schema, waitMs }: { database: string; schema: string; waitMs: number },
  control: RunControl,
): Promise<RunOutcome> {
  const statement = [...control.prior.keys()].find(key => key.startsWith('CREATE '))
  const [, name] = /INDEX CONCURRENTLY "((?:[^"]|"")+)" ON /.exec(statement ?? '') ?? []
  if (name === undefined)
    return { status: 'failed', summary: 'The console stopped before the build began. Nothing was done.' }
  const index = await settledIndex(environment, { database, schema, name }, control.signal)
  const evidence = 'The console stopped while this was running.'
  if (index === 'building') return { status: 'unknown', summary: `${evidence} ${name} is still being built.` }
  if (index?.valid)
    return {
      status: 'succeeded',
      summary: `${evidence} ${name} is built.`,
      undo: { state: { database, schema, name, waitMs }, windowMs: UNDO_FOR },
    }
  if (!index) return { status: 'failed', summary: `${evidence} Nothing of ${name} remains.` }
  const dropped = await dropAgain(environment, { database, schema, name, waitMs }, control)
  return dropped.status === 'succeeded'
    ? { status: 'failed', summary: `${evidence} The INVALID index that it left was dropped.` }
    : { status: 'partial', summary: `${evidence} ${name} is INVALID and could not be dropped.` }
}
