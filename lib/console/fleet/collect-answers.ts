import type { OperationContext, RunControl, RunOutcome } from '../platform/operation/define.ts'
import { ledgerOf, outcomeOf } from './process-answers.ts'
import { Commands, Fleet } from './resources.ts'

/**
 * The outcome of a command whose console stopped: it has the run's id, so its answers can still be read, from the processes that were
 * to answer when it was issued. A command that never reached Redis did nothing, since command and override are written in
 * one transaction.
 */
export async function outcomeFromAnswers(
  { environment }: OperationContext,
  control: RunControl,
  /** What was done: `Forced open payments`. */
  did: string,
): Promise<RunOutcome> {
  const expected = await environment.of(Commands).issuedTo(control.runId)
  if (!expected)
    return { status: 'failed', summary: 'The console stopped before the command was sent. Nothing was done.' }
  const fleet = await environment.of(Fleet).read()
  const known = new Map(
    fleet.status === 'down' ? [] : fleet.data.processes.map(process => [process.id, process.instance]),
  )
  const names = new Map(expected.map(id => [id, known.get(id) ?? id]))
  const answers = await environment
    .of(Commands)
    .collectAnswers(control.runId, expected, { onAnswer: ledgerOf(names, control) })
  return outcomeOf(did, answers, names)
}
