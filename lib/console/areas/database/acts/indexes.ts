import { z } from 'zod'
import { concurrently, dropIndexStatement } from '../../../../infrastructure/insight/index.ts'
import type { ConsoleEnvironment } from '../../../platform/environment/port.ts'
import type { RunControl, RunOutcome } from '../../../platform/operation/define.ts'
import { failedDrop } from './drop-outcome.ts'
import { UNDO_FOR } from './input.ts'
import { failureOf, maintain } from './maintain.ts'
import { definitionNow, type IndexName, settledIndex } from './settled-index.ts'

/** What undoing needs: the index, and how it is or was built. */
const Undone = z.object({
  database: z.string(),
  schema: z.string(),
  name: z.string(),
  waitMs: z.number(),
  definition: z.string(),
})

/** Drops what an act built, unless the name belongs to another index by now. */
export async function dropAgain(
  environment: ConsoleEnvironment,
  state: unknown,
  control: RunControl,
): Promise<RunOutcome> {
  const of = Undone.parse(state)
  const definition = await definitionNow(environment, of)
  if (definition !== of.definition) {
    const why = definition === undefined ? 'is gone, or could not be read' : 'is no longer the index that was built'
    return { status: 'failed', summary: `${of.name} ${why}. Nothing was done.` }
  }
  const done = await sendDrop(environment, of, control)
  if (!done.failed) return { status: 'succeeded', summary: `Dropped ${of.name} again.` }
  const { status, summary } = await failedDrop(environment, of, done, control)
  // What is left of it can be dropped by undoing again, which an undo that took back a part could not be.
  return { status: status === 'partial' ? 'failed' : status, summary }
}

const sendDrop = (
  environment: ConsoleEnvironment,
  { database, schema, name, waitMs }: BuiltIndex,
  control: RunControl,
) => maintain(environment, database, { statement: dropIndexStatement(schema, name), lockTimeoutMs: waitMs }, control)

export async function buildAgain(
  environment: ConsoleEnvironment,
  state: unknown,
  control: RunControl,
): Promise<RunOutcome> {
  const { database, schema, name, waitMs, definition } = Undone.parse(state)
  const what = { statement: concurrently(definition), lockTimeoutMs: waitMs, builds: { schema, name } }
  const done = await maintain(environment, database, what, control)
  return done.failed
    ? failureOf(done, control, `Building ${name} again`)
    : { status: 'succeeded', summary: `Built ${name} again.` }
}

interface BuiltIndex extends IndexName {
  waitMs: number
}

/** How to undo a build. Without its definition it could not be told from a later index of that name, so nothing is offered. */
export async function undoOfBuild(environment: ConsoleEnvironment, of: BuiltIndex): Promise<Pick<RunOutcome, 'undo'>> {
  const definition = await definitionNow(environment, of)
  return definition === undefined ? {} : { undo: { state: { ...of, definition }, windowMs: UNDO_FOR } }
}

/** What became of a build whose console was lost: its name is in the ledger, the rest in the database. */
export async function recoverBuild(
  environment: ConsoleEnvironment,
  { database, schema, waitMs }: Omit<BuiltIndex, 'name'>,
  control: RunControl,
): Promise<RunOutcome> {
  const statement = [...control.prior.keys()].find(key => key.startsWith('CREATE '))
  const [, name] = /INDEX CONCURRENTLY "((?:[^"]|"")+)" ON /.exec(statement ?? '') ?? []
  if (name === undefined)
    return { status: 'failed', summary: 'The console stopped before the build began. Nothing was done.' }
  const of = { database, schema, name: name.replaceAll('""', '"'), waitMs }
  return buildAsFound(environment, of, 'The console stopped while this was running.', control)
}

/** What the database shows of a build whose end the console did not see. */
export async function buildAsFound(
  environment: ConsoleEnvironment,
  of: BuiltIndex,
  evidence: string,
  control: RunControl,
): Promise<RunOutcome> {
  const { name } = of
  const index = await settledIndex(environment, of, control.signal)
  if (index === 'unread')
    return { status: 'unknown', summary: `${evidence} Whether ${name} is built could not be read.` }
  if (index === 'underWay') return { status: 'unknown', summary: `${evidence} ${name} is still being built.` }
  if (index === 'gone') return { status: 'failed', summary: `${evidence} Nothing of ${name} remains.` }
  if (index.valid)
    return { status: 'succeeded', summary: `${evidence} ${name} is built.`, ...(await undoOfBuild(environment, of)) }
  const done = await sendDrop(environment, of, control)
  return done.failed
    ? { status: 'partial', summary: `${evidence} ${name} is INVALID and could not be dropped.` }
    : { status: 'failed', summary: `${evidence} The INVALID index that it left was dropped.` }
}
