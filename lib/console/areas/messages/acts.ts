import { z } from 'zod'
import type { ActOutcome, Message, MessageWithContent } from '../../../infrastructure/messages/index.ts'
import type { ConsoleEnvironment } from '../../platform/environment/port.ts'
import { Name } from '../../platform/operation/input.ts'
import { nextStepOf, reasonOf } from '../../platform/part/reason.ts'
import { RefusalError } from '../../platform/refusal.ts'
import { logOf } from './logs.ts'

export const MessageTarget = { database: Name, id: z.string().length(26, 'must be the id of a message') }

export const messageTarget = ({ id }: { id: string }) => ({ kind: 'message', name: id })

/** The server that an act works on, in sentences about trouble. */
export const source = ({ database }: { database: string }) => `Postgres ${database}`

/** What a log answers; where it does not, a refusal that says why. */
export async function asked<T>(
  environment: ConsoleEnvironment,
  database: string,
  ask: (messages: Awaited<ReturnType<typeof logOf>>) => Promise<T>,
): Promise<T> {
  const messages = await logOf(environment, database)
  try {
    return await ask(messages)
  } catch (error) {
    const from = source({ database })
    const nextStep = nextStepOf(from, error)
    throw new RefusalError({
      code: 'unavailable',
      message: `${reasonOf(from, error)}. Nothing was done.`,
      ...(nextStep === undefined ? {} : { nextStep }),
    })
  }
}

export async function messageOf(
  environment: ConsoleEnvironment,
  { database, id }: { database: string; id: string },
): Promise<MessageWithContent> {
  const message = await asked(environment, database, messages => messages.find(id))
  if (message) return message
  throw new RefusalError({
    code: 'not_found',
    message: `${database} has no message ${id} any more.`,
    fields: { id: 'not in the log' },
  })
}

/** One message, as a preview counts it: what it was, not whom it went to. */
export const oneMessage = ({ channel, template, id }: Message) => ({
  count: 1,
  precision: 'exact' as const,
  noun: 'message',
  sample: [`${channel} ${template ?? id}`],
})

/** Why an act was not done; it has changed since the preview. */
export function refuseUndone(outcome: ActOutcome, what: string): void {
  if (outcome.done) return
  throw new RefusalError({
    code: 'conflict',
    message:
      outcome.status === undefined
        ? 'The message is not in the log any more.'
        : `It is ${outcome.status} now: ${what}.`,
  })
}
