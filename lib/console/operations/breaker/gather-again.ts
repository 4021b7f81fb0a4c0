import type { OperationContext, RunControl, RunOutcome } from '../define.ts'
import { type BreakerScope, holdersOf, idsOf, ledgerOf, namesOf, outcomeOf } from './target.ts'

/**
 * What came of a command whose console died: it bears the run's id, so its answers can still be read. A command that never
 * reached Redis did nothing, since command and override are written in one transaction.
 */
export async function gatherAgain(
  { environment }: OperationContext,
  control: RunControl,
  verb: string,
  breaker: string,
  scope: BreakerScope,
): Promise<RunOutcome> {
  if (!(await environment.commander.wasIssued(control.runId)))
    return { status: 'failed', summary: 'The console stopped before the command was sent. Nothing was done.' }
  const holders = await holdersOf(environment, breaker, scope)
  const names = namesOf(holders)
  const answers = await environment.commander.gather(control.runId, idsOf(holders), {
    onAnswer: ledgerOf(names, control),
  })
  return outcomeOf(verb, breaker, answers, names)
}
