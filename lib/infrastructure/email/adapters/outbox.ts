import type { Messages } from '../../messages/index.ts'
import { keptEmail } from '../kept.ts'
import type { EmailProvider } from '../port.ts'
import { allAddresses } from './all-addresses.ts'

export interface OutboxOptions {
  /** `outbox` when absent. */
  name?: string
  messages: Messages
}

/** Sends nothing: emails are in the log of messages, to be read there. */
export function outboxEmail({ name = 'outbox', messages }: OutboxOptions): EmailProvider {
  return {
    name,
    takesIdempotencyKeys: true,
    async send(email, { messageId, idempotencyKey } = {}) {
      const accepted = allAddresses(email)
      // What createEmail sends is in the log already.
      if (messageId !== undefined) return { id: messageId, accepted, rejected: [] }
      const { message } = await messages.record({
        channel: 'email',
        recipients: accepted,
        title: email.subject,
        content: keptEmail(email),
        idempotencyKey,
      })
      return { id: message.id, accepted, rejected: [] }
    },
    close: async () => undefined,
  }
}
