import type { MessageEventKind, MessageNote, Messages } from '../messages/index.ts'
import type { Target } from './channel.ts'
import type { SendState } from './port.ts'
import { contentFor, type KeptSend } from './record.ts'
import type { StoredNotification } from './store.ts'

export const addressOf = (target: Target): string => (typeof target === 'string' ? target : target.endpoint)

const EVENTS: Readonly<Partial<Record<SendState, MessageEventKind>>> = {
  accepted: 'accepted',
  delivered: 'delivered',
  failed: 'failed',
  unknown: 'failed',
  skipped: 'cancelled',
}

/** Records the sends of a stage; of one whose process crashed the messages are the former ones. Those to suppressed addresses are not made. */
export async function recordSends(
  messages: Messages | undefined,
  { id, recipient, type, batch, record }: StoredNotification,
  sends: readonly KeptSend[],
): Promise<void> {
  if (!messages || sends.length === 0) return
  for (const [channel, own = []] of Map.groupBy(sends, send => send.channel)) {
    const suppressed = await messages.suppressed(
      channel,
      own.map(({ target }) => addressOf(target)),
    )
    for (const send of own) if (suppressed.has(addressOf(send.target))) send.state = 'suppressed'
  }
  const recorded = await messages.recordMany(
    sends.map(({ channel, target, key, state }) => {
      const content = contentFor(record.message, channel)
      return {
        channel,
        recipients: [addressOf(target)],
        lookup: [recipient],
        ...(content.title === undefined ? {} : { title: content.title }),
        template: type,
        content: { ...content, target },
        notificationId: id,
        ...(batch === undefined ? {} : { batchId: batch }),
        idempotencyKey: key,
        status: state === 'suppressed' ? 'suppressed' : 'sending',
      }
    }),
  )
  for (const [at, { message }] of recorded.entries()) {
    const send = sends[at]
    if (send) Object.assign(send, { messageId: message.id, logged: markOf(send) })
  }
}

/** Notes what is not noted yet. Repeated after a crash, it notes nothing twice. */
export async function noteSends(messages: Messages | undefined, sends: readonly KeptSend[]): Promise<void> {
  const changed = sends.filter(send => send.logged !== undefined && send.logged !== markOf(send))
  const notes = changed.flatMap(noteOf)
  if (notes.length > 0) await messages?.note(notes)
  for (const send of changed) send.logged = markOf(send)
}

const markOf = ({ state, tries }: KeptSend) => `${state}:${tries}`

function noteOf({ messageId = '', state, key, tries, provider, providerMessageId, error }: KeptSend): MessageNote[] {
  const message = { id: messageId }
  const called = {
    ...(provider === undefined ? {} : { provider }),
    ...(error === undefined ? {} : { error }),
  }
  const attempt: MessageNote = { message, kind: 'attempt', ...called, vendorEventId: `${key}:${tries}` }
  if (state === 'pending') return [attempt]
  const kind = EVENTS[state]
  if (kind === undefined) return []
  const note: MessageNote = {
    message,
    kind,
    ...called,
    ...(kind === 'accepted' && providerMessageId !== undefined ? { providerMessageId } : {}),
    ...(state === 'unknown' ? { detail: { outcome: 'unknown' } } : {}),
    vendorEventId: `${key}:${state}`,
  }
  return kind === 'accepted' || kind === 'failed' ? [attempt, note] : [note]
}

/** What the log knows of a send that was accepted: by webhooks. */
export async function loggedOutcome(
  messages: Messages | undefined,
  { messageId }: Pick<KeptSend, 'messageId'>,
): Promise<'delivered' | 'failed' | undefined> {
  const status = messageId === undefined ? undefined : (await messages?.find(messageId))?.status
  if (status === 'delivered' || status === 'complained') return 'delivered'
  return status === 'bounced' || status === 'failed' ? 'failed' : undefined
}
