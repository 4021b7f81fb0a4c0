import { type CommandArguments, REPLIES } from '../../../infrastructure/fleet/index.ts'
import { askProcesses } from '../../fleet/ask-processes.ts'
import { toConsoleTime } from '../../fleet/clocks.ts'
import { idsOf } from '../../fleet/holders.ts'
import { Fleet } from '../../fleet/resources.ts'
import type { ConsoleEnvironment } from '../../platform/environment/port.ts'
import { shownRun } from './rows.ts'
import { SagaRunItem } from './saga-item.ts'
import { sagaHolders } from './target.ts'

/** What is in memory is asked of each process. */
const ASKED = 10

/** A run, and the process that answered, where it alone has it. */
export interface AskedRun {
  run: SagaRunItem
  process?: string
}

interface Asking {
  service: string
  saga: string
}

/** What the processes of a saga know of its runs: one is asked where they share them, else each. `unread`: not understood. Rejects with the reason when none answers. */
export async function askForRuns<V extends 'saga.runs' | 'saga.find'>(
  environment: ConsoleEnvironment,
  { service, saga }: Asking,
  verb: V,
  args: CommandArguments[V],
): Promise<{ runs: AskedRun[]; asked: number; answered: number; unread: number }> {
  const { meant, shared } = await sagaHolders(environment, { service, saga })
  const expected = idsOf(meant.slice(0, ASKED))
  const applied = await askProcesses(environment, verb, args, expected)
  const fleet = await environment.of(Fleet).read(['sagas'])
  if (fleet.status === 'down') throw new Error(fleet.reason)
  const runs: AskedRun[] = []
  let unread = 0
  for (const { process: id, reply } of applied) {
    const process = fleet.data.processes.find(one => one.id === id)
    if (!process) continue
    const time = (at: number) => toConsoleTime(at, process, fleet.data)
    const found = runsIn(verb, reply)
    unread += found.filter(run => run === undefined).length
    for (const run of found.filter(run => run !== undefined))
      runs.push({ run: shownRun(run, time), ...(shared ? {} : { process: id }) })
  }
  return { runs, asked: expected.length, answered: applied.length, unread }
}

/** Undefined for one that is not understood, which is not the same as none. */
function runsIn(verb: 'saga.runs' | 'saga.find', reply: unknown): (SagaRunItem | undefined)[] {
  const found =
    verb === 'saga.runs'
      ? REPLIES['saga.runs'].parse(reply).runs
      : [REPLIES['saga.find'].parse(reply).run].filter(run => run !== undefined)
  return found.map(one => SagaRunItem.safeParse(one).data)
}
