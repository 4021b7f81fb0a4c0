import { z } from 'zod'
import { counted } from '../../../platform/counted.ts'
import { defineOperation } from '../../../platform/operation/define.ts'
import { Reason } from '../../../platform/operation/input.ts'
import { findSession, isStill, sessionFields, signal, statementText, waiterWords } from '../acts/session.ts'
import { waitUntilGone } from '../acts/wait-until-gone.ts'
import { waitingSeries } from '../affected-series.ts'
import { secondsWords, sessionName, stateWords } from '../blockers.ts'

export const terminateSession = defineOperation({
  id: 'database.terminate',
  title: 'Terminate a session',
  description:
    'Ends a connection: its transaction is rolled back, its locks go, and its client loses the connection. Refused when the pid has another session or transaction by now.',
  permission: 'database:terminate',
  targetKind: 'database',
  input: z.strictObject({ ...sessionFields, reason: Reason }),
  risk: 'grave',
  reason: 'required',
  target: ({ database }) => ({ kind: 'database', name: database }),
  about: ({ pid }) => `pid ${pid}`,
  source: ({ database }) => `Postgres ${database}`,
  affects: ({ database }) => waitingSeries(database),

  async preview({ environment }, input) {
    const { session, waiting } = await findSession(environment, input)
    const { transactionMs, writes, kind } = session
    const transaction =
      transactionMs === undefined
        ? 'It has no open transaction.'
        : `Its transaction of ${secondsWords(transactionMs)} is rolled back${writes ? ', with whatever it has written' : '; it has written nothing'}.`
    return {
      summary: `${sessionName(session)} is ended: it is ${stateWords(session)}. ${transaction}`,
      action: waiting.length > 0 ? `Terminate, freeing ${counted(waiting.length, 'session')}` : 'Terminate the session',
      affected: { count: 1, precision: 'exact', noun: 'session', sample: [sessionName(session)] },
      dependents: waiting.map(waiterWords),
      warnings: [
        ...(kind?.startsWith('autovacuum')
          ? ['It is an autovacuum worker: it begins again. One that prevents wraparound should be let finish.']
          : []),
        ...(kind === 'walsender' ? ['It sends the write-ahead log to a follower, which has to connect again.'] : []),
      ],
      undoWords: 'by its client, which has to connect and begin again',
      texts: statementText(session),
      fingerprint: `${session.pid} ${session.session} ${session.transaction ?? ''}`,
    }
  },

  async run({ environment }, input) {
    const { session, waiting } = await findSession(environment, input)
    await signal(environment, 'terminate', input)
    const ended = await waitUntilGone(environment, input)
    return {
      status: ended ? 'succeeded' : 'unknown',
      summary: ended
        ? `Terminated ${sessionName(session)} of ${input.database}${waiting.length > 0 ? `; ${counted(waiting.length, 'session')} had waited for it` : ''}.`
        : `The signal was sent; ${sessionName(session)} was still there three seconds later.`,
      result: { freed: waiting.map(({ pid }) => pid) },
    }
  },

  async recover({ environment }, input) {
    return (await isStill(environment, input)) === false
      ? { status: 'succeeded', summary: `The session with pid ${input.pid} is gone.` }
      : undefined
  },
})
