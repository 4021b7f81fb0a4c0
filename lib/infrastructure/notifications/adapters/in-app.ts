import type { Channel } from '../channel.ts'
import type { Inbox } from '../inbox.ts'
import { callFailure } from '../vendor-failure.ts'

/** Into the inbox of the app. The target is the recipient's id. */
export function inAppChannel(inbox: Inbox): Channel {
  return {
    kind: 'in-app',
    provider: 'inbox',
    takesIdempotencyKeys: true,
    confirmsDelivery: false,
    async send(content, target, { idempotencyKey, signal }) {
      try {
        signal.throwIfAborted()
        return { id: await inbox.add(String(target), content, idempotencyKey) }
      } catch (error) {
        throw callFailure('The inbox', error, signal)
      }
    },
  }
}
