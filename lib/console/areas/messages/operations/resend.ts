import { z } from 'zod'
import { defineOperation } from '../../../platform/operation/define.ts'
import { Reason } from '../../../platform/operation/input.ts'
import { RefusalError } from '../../../platform/refusal.ts'
import { asked, MessageTarget, messageOf, messageTarget, oneMessage, source } from '../acts.ts'

export const resendMessage = defineOperation({
  id: 'message.resend',
  title: 'Send a message again',
  description: 'Records a copy of a message that is due at once; a process of the service sends it.',
  permission: 'message:resend',
  targetKind: 'message',
  input: z.strictObject({ ...MessageTarget, reason: Reason }),
  risk: 'one',
  reason: 'required',
  target: messageTarget,
  about: ({ database }) => database,
  source,

  async preview({ environment }, { database, id }) {
    const message = await messageOf(environment, { database, id })
    const { channel, status, recipients } = message
    const suppressed = await asked(environment, database, log => log.suppressed(channel, recipients))
    return {
      summary: `A copy of the ${channel} message will be sent at once.`,
      action: 'Send it again',
      affected: oneMessage(message),
      warnings: [
        ...(status === 'queued' || status === 'scheduled' || status === 'sending'
          ? [`It is ${status}: its recipient will get it twice.`]
          : []),
        ...(status === 'delivered' ? ['It was delivered: its recipient will have it twice.'] : []),
        ...(suppressed.size > 0
          ? [
              `${suppressed.size === recipients.length ? 'Its recipient is' : 'Some recipients are'} suppressed: nothing is sent there.`,
            ]
          : []),
      ],
      undoWords: 'Cancel the copy before a process takes it.',
    }
  },

  async run({ environment }, { database, id, reason }, { actor }) {
    const copy = await asked(environment, database, log => log.resend(id, { by: actor.name, reason }))
    if (!copy) throw new RefusalError({ code: 'not_found', message: 'The message is not in the log any more.' })
    return {
      status: 'succeeded',
      summary: `Recorded ${copy.id}, a copy of ${id}, to be sent now.`,
      result: { id: copy.id },
    }
  },
})
