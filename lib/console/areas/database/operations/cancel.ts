import { z } from 'zod'
import { counted } from '../../../platform/counted.ts'
import { defineOperation } from '../../../platform/operation/define.ts'
import { Reason } from '../../../platform/operation/input.ts'
import { RefusalError } from '../../../platform/refusal.ts'
import { type FoundSession, findSession, sessionFields, signal, statementText, waiterWords } from '../acts/session.ts'
import { waitUntilGone } from '../acts/wait-until-gone.ts'
import { waitingSeries } from '../affected-series.ts'
import { sessionName, stateWords } from '../blockers.ts'

export const cancelStatement = defineOperation({
  id: 'database.cancel',
  title: 'Cancel a statement',
  description:
    'Cancels the statement that a session runs now. Its client gets an error, and its transaction has to be rolled back; the connection stays.',
  permission: 'database:cancel',
  targetKind: 'database',
  input: z.strictObject({ ...sessionFields, reason: Reason.optional() }),
  risk: 'many',
  reason: 'optional',
  target: ({ database }) => ({ kind: 'database', name: database }),
  about: ({ pid }) => `pid ${pid}`,
  source: ({ database }) => `Postgres ${database}`,
  affects: ({ database }) => waitingSeries(database),

  async preview({ environment }, input) {
    const found = await findSession(environment, input)
    refuseIdle(found)
    const { session, waiting } = found
    return {
      summary: `The statement of ${sessionName(session)} is cancelled: it is ${stateWords(session)}.${waiting.length > 0 ? ` ${counted(waiting.length, 'session waits', 'sessions wait')} for it.` : ''}`,
      action: 'Cancel the statement',
      affected: { count: 1, precision: 'exact', noun: 'statement', sample: [sessionName(session)] },
      dependents: waiting.map(waiterWords),
      warnings:
        waiting.length > 0
          ? [
              'Its locks go when its client rolls the transaction back, which most do at the error. If it does not, terminate the session.',
            ]
          : [],
      undoWords: 'by its client, which may run it again',
      texts: statementText(session),
      fingerprint: `${session.pid} ${session.session} ${session.transaction ?? ''}`,
    }
  },

  async run({ environment }, input) {
    const found = await findSession(environment, input)
    refuseIdle(found)
    await signal(environment, 'cancel', input)
    const ended = await waitUntilGone(
      environment,
      input,
      ({ state, query }) => state === 'active' && query === found.session.query,
    )
    return {
      status: ended ? 'succeeded' : 'unknown',
      summary: ended
        ? `Cancelled the statement of ${sessionName(found.session)} in ${input.database}.`
        : `The signal was sent; ${sessionName(found.session)} still ran the statement three seconds later.`,
    }
  },
})

function refuseIdle({ session: { pid, state } }: FoundSession) {
  if (state === 'active') return
  throw new RefusalError({
    code: 'conflict',
    message: `pid ${pid} runs no statement: it is ${state ?? 'in a state that this account may not see'}. Nothing was done.`,
    nextStep: 'Terminate the session to end its transaction.',
    fields: { pid: 'runs no statement' },
  })
}
