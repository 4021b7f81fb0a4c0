import { processes } from '../platform/counted.ts'
import type { RunControl, RunOutcome } from '../platform/operation/define.ts'
import type { RunItem } from '../platform/operation/wire.ts'
import type { ProcessAnswer } from './commander.ts'

/** Writes ledger lines as the answers arrive, keyed by instance so that people can read them. */
export function ledgerOf(names: ReadonlyMap<string, string>, control: RunControl) {
  let done = 0
  return async (answer: ProcessAnswer) => {
    const status: RunItem['status'] = answer.status === 'applied' ? 'done' : answer.status
    await control.item(names.get(answer.process) ?? answer.process, status, answer.reason)
    control.progress({ done: ++done, total: names.size })
  }
}

/** The answers of the processes to `did` (`Released payments`), as one sentence and a status. */
export function outcomeOf(did: string, answers: ProcessAnswer[], names: ReadonlyMap<string, string>): RunOutcome {
  const applied = answers.filter(answer => answer.status === 'applied')
  const others = answers.filter(answer => answer.status !== 'applied')
  const [only] = answers
  const headline =
    answers.length === 1 && only?.status === 'applied'
      ? `${did} in ${names.get(only.process) ?? only.process}`
      : `${did} on ${applied.length} of ${processes(answers.length)}`
  const how = others
    .slice(0, 5)
    .map(({ process, status, reason }) =>
      status === 'silent'
        ? `no answer from ${names.get(process) ?? process}`
        : `${names.get(process) ?? process} ${status}${reason ? ` (${reason})` : ''}`,
    )
  const more = others.length > 5 ? [`and ${others.length - 5} more`] : []
  const status = others.length === 0 ? 'succeeded' : applied.length > 0 ? 'partial' : 'failed'
  return { status, summary: `${[headline, ...how, ...more].join(', ')}.` }
}
