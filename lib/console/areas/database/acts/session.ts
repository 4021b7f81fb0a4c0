import { z } from 'zod'
import { DatabaseError } from '../../../../infrastructure/database/index.ts'
import {
  type Activity,
  activityQuestion,
  blockTree,
  maskLiterals,
  type Question,
  type Session,
  signalQuestion,
} from '../../../../infrastructure/insight/index.ts'
import type { ConsoleEnvironment } from '../../../platform/environment/port.ts'
import { Name } from '../../../platform/operation/input.ts'
import { reasonOf } from '../../../platform/part/reason.ts'
import { RefusalError } from '../../../platform/refusal.ts'
import { PostgresServers } from '../../../servers/resources.ts'
import { secondsWords, sessionName } from '../blockers.ts'
import { ownerOf } from '../owner.ts'

const Micros = z.string().regex(/^\d{1,20}$/, 'must be microseconds since 1970')

/** Which session, as it was seen: its pid alone may be another one's by now. */
export const sessionFields = {
  database: Name,
  pid: z
    .number()
    .int()
    .min(1)
    .max(2 ** 31 - 1),
  session: Micros.describe('when the connection began, as the activity view has it: pids are given again'),
  transaction: Micros.optional().describe(
    'when its transaction began, as the activity view has it; left out: it had none',
  ),
  ofConsole: z.boolean().default(false).describe('acts on a connection of a console, which is refused otherwise'),
}
export interface SessionInput {
  database: string
  pid: number
  session: string
  transaction?: string | undefined
  ofConsole: boolean
}

/** The session, and those that could go on if it let go. */
export interface FoundSession {
  session: Session
  /** All who wait for it, directly or through others. */
  waiting: Session[]
}

/** The session as it is now. Refuses one that is gone, that is in another transaction by now, or that is a console's own. */
export async function findSession(environment: ConsoleEnvironment, input: SessionInput): Promise<FoundSession> {
  const { sessions } = await activityOf(environment, input.database)
  const session = sessions.find(({ pid, session }) => pid === input.pid && session === input.session)
  if (!session) throw gone(input.pid)
  if (session.transaction !== input.transaction) throw changed(input.pid)
  if (!input.ofConsole && ownerOf(session.application, []).own)
    throw new RefusalError({
      code: 'conflict',
      message: `${sessionName(session)} is a connection of a console. Nothing was done.`,
      nextStep: 'A console opens it again. To end it all the same, set ofConsole.',
      fields: { pid: 'is a connection of a console' },
    })
  const pids = blockTree(sessions).find(({ pid }) => pid === session.pid)?.waiting ?? []
  return { session, waiting: sessions.filter(({ pid }) => pids.includes(pid)) }
}

const activityOf = (environment: ConsoleEnvironment, database: string): Promise<Activity> =>
  asked(environment, database, activityQuestion)

/** Sends the signal to that session in that transaction. Refuses when it is another one by now, or Postgres does not permit it. */
export async function signal(
  environment: ConsoleEnvironment,
  kind: 'cancel' | 'terminate',
  input: SessionInput,
): Promise<void> {
  const { pid, session, transaction } = input
  const target = { pid, session, ...(transaction === undefined ? {} : { transaction }) }
  const outcome = await asked(environment, input.database, signalQuestion(kind, target))
  if (outcome === 'gone') throw gone(pid)
  if (outcome === 'changed') throw changed(pid)
}

/** Whether it is still there and in that transaction; undefined where that cannot be read. */
export async function isStill(
  environment: ConsoleEnvironment,
  input: SessionInput,
  holds: (session: Session) => boolean = () => true,
): Promise<boolean | undefined> {
  const activity = await activityOf(environment, input.database).catch(() => undefined)
  return activity?.sessions.some(
    one =>
      one.pid === input.pid && one.session === input.session && one.transaction === input.transaction && holds(one),
  )
}

/** `checkout-2 (pid 12), has waited 12 s for shop.stock` */
export const waiterWords = (session: Session) =>
  `${sessionName(session)}, has waited ${secondsWords(session.waitingMs ?? 0)}${session.awaits?.table ? ` for ${session.awaits.table}` : ''}`

/** What a preview shows of its statement: what it does, not to whom. */
export const statementText = ({ query }: Session) =>
  query === undefined ? [] : [{ name: 'Statement', text: maskLiterals(query) }]

const gone = (pid: number) =>
  new RefusalError({
    code: 'not_found',
    message: `The session that had pid ${pid} has ended. Nothing was done.`,
    fields: { pid: 'has ended' },
  })

const changed = (pid: number) =>
  new RefusalError({
    code: 'conflict',
    message: `pid ${pid} has ended the transaction that you saw. Nothing was done.`,
    nextStep: 'Look at what it does now.',
    fields: { transaction: 'has ended' },
  })

async function asked<T>(environment: ConsoleEnvironment, database: string, question: Question<T>): Promise<T> {
  const server = environment.of(PostgresServers).find(database)
  if (!server)
    throw new RefusalError({
      code: 'not_found',
      message: `No database called ${database} is watched in this environment.`,
      fields: { database: 'is not watched' },
    })
  try {
    return await server.ask(question)
  } catch (error) {
    if (error instanceof DatabaseError && error.code === 'DATABASE_DENIED' && error.sqlState === '42501')
      throw new RefusalError({
        code: 'conflict',
        message: `The account of the console may not signal this session: ${error.message}. Nothing was done.`,
        nextStep: 'Grant it pg_signal_backend; sessions of superusers can be signalled by superusers only.',
      })
    throw new RefusalError({
      code: 'unavailable',
      message: `${reasonOf(`Postgres ${database}`, error)}. Nothing was done.`,
      nextStep: `Check that Postgres ${database} is running and reachable from the console.`,
    })
  }
}
