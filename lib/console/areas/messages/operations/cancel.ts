import { z } from 'zod'
import { defineOperation } from '../../../platform/operation/define.ts'
import { Reason } from '../../../platform/operation/input.ts'
import { RefusalError } from '../../../platform/refusal.ts'
import { asked, MessageTarget, messageOf, messageTarget, oneMessage, refuseUndone, source } from '../acts.ts'

const LATE = 'there is nothing to cancel'

export const cancelMessage = defineOperation({
  id: 'message.cancel',
  title: 'Cancel a message',
  description: 'Keeps a message that is queued or scheduled from being sent.',
  permission: 'message:cancel',
  targetKind: 'message',
  input: z.strictObject({ ...MessageTarget, reason: Reason }),
  risk: 'one',
  reason: 'required',
  target: messageTarget,
  about: ({ database }) => database,
  source,

  async preview({ environment }, { database, id }) {
    const message = await messageOf(environment, { database, id })
    if (message.status !== 'queued' && message.status !== 'scheduled')
      throw new RefusalError({ code: 'conflict', message: `It is ${message.status}: ${LATE}.` })
    return {
      summary: `The ${message.channel} message will not be sent.`,
      action: 'Cancel the message',
      affected: oneMessage(message),
      undoWords: 'Send it again: that makes a copy.',
    }
  },

  async run({ environment }, { database, id, reason }, { actor }) {
    const outcome = await asked(environment, database, log => log.cancel(id, { by: actor.name, reason }))
    refuseUndone(outcome, LATE)
    return { status: 'succeeded', summary: `Cancelled ${id}.` }
  },
})
