import { messageOf } from '../../core/errors.ts'
import { newId } from '../../core/ids.ts'
import { storable } from '../../core/json.ts'
import { keepRenewed } from '../../core/renewal.ts'
import type { Job, Queues } from '../queue/index.ts'
import { isLost } from './attempt.ts'
import { Delivery, type DeliveryParts } from './delivery.ts'
import { Dispatcher, QUEUE } from './dispatcher.ts'
import { NotificationError } from './errors.ts'
import { loggedOutcome } from './log.ts'
import { checkedNotice } from './notice.ts'
import type {
  NotificationMessage,
  NotificationState,
  NotificationStatus,
  Notifications,
  Notified,
  NotifyOptions,
} from './port.ts'
import { checkedPreferences } from './preferences.ts'
import { statusOf } from './record.ts'
import { lostError, type Outcome, type StoredNotification } from './store.ts'

const LIMIT = 50
/** Recipients in one statement. */
const PIECE = 1_000

const NONE: Record<NotificationState, number> = {
  waiting: 0,
  sending: 0,
  sent: 0,
  delivered: 0,
  failed: 0,
  cancelled: 0,
}

interface Parts extends DeliveryParts {
  queues: Queues
  fallbackAfterMs: number
  closeOpened(options: { timeoutMs: number }): Promise<void>
}

/** The notifications of one process. */
export function notificationsOver(parts: Parts): Notifications {
  const { store, channels, messages, queues, onError } = parts
  const dispatcher = new Dispatcher({ store, queues, onError })
  let worker: Promise<{ close(options: { timeoutMs: number }): Promise<void> }> | undefined
  let closing: Promise<void> | undefined

  function assertOpen() {
    if (closing)
      throw new NotificationError('The notifications of this process have been closed', { code: 'NOTIFICATION_CLOSED' })
  }

  async function add(
    recipients: readonly string[],
    message: NotificationMessage,
    options: NotifyOptions,
    batch?: string,
  ): Promise<Notified[]> {
    assertOpen()
    const { record, dueAt, dedupe, digest } = checkedNotice(recipients, message, options, parts)
    const added: Notified[] = []
    for (let at = 0; at < recipients.length; at += PIECE) {
      const rows = recipients.slice(at, at + PIECE).map(recipient => ({ id: newId(), recipient }))
      added.push(...(await store.add({ rows, type: message.type, record, dueAt, batch, dedupe, digest }, options.in)))
    }
    if (dueAt === undefined) dispatcher.wake()
    return added
  }

  async function carryOn(id: string, leaseMs: number, ended: AbortSignal): Promise<void> {
    const taken = await store.take(id, leaseMs)
    if (!taken) return
    const { held, notification } = taken
    const lost = new AbortController()
    const renewal = keepRenewed({ renew: () => store.renew(held), leaseMs, expires: true }, () =>
      lost.abort(lostError(id)),
    )
    const signal = AbortSignal.any([ended, lost.signal])
    try {
      const outcome = await new Delivery(parts, held, notification, signal)
        .run()
        .catch(error => troubled(error, notification, signal))
      await store.release(held, notification.record, outcome)
    } finally {
      renewal.stop()
    }
  }

  /** An error of the service's own code or store. What is held by another, or by a process that ends, is left as it is. */
  function troubled(error: unknown, { record }: StoredNotification, signal: AbortSignal): Outcome {
    if (signal.aborted || isLost(error)) throw error
    onError(error)
    const { attempts, initialDelayMs, maxDelayMs } = parts.retry
    record.troubles = (record.troubles ?? 0) + 1
    record.error = messageOf(error)
    if (record.troubles >= attempts) return { state: 'failed' }
    record.waitsFor = 'retry'
    return { state: 'sending', dueInMs: Math.min(maxDelayMs, initialDelayMs * 2 ** (record.troubles - 1)) }
  }

  /** With what webhooks have reported since it ended. */
  async function shown(notification: StoredNotification): Promise<NotificationStatus> {
    const status = statusOf(notification)
    if (status.state !== 'sent') return status
    for (const send of status.sends) {
      const outcome = send.state === 'accepted' && (await loggedOutcome(messages, send))
      if (outcome) send.state = outcome
    }
    const isDelivered = status.sends.some(({ state }) => state === 'delivered')
    return isDelivered ? { ...status, state: 'delivered' } : status
  }

  return {
    async notify(recipient, message, options = {}) {
      const [notified] = await add([recipient], message, options)
      return notified as Notified
    },
    async notifyMany(recipients, message, options = {}) {
      const batch = newId()
      return { batch, notified: await add([...new Set(recipients)], message, options, batch) }
    },
    async cancel(id) {
      assertOpen()
      const outcome = await store.cancel(id)
      if (outcome !== 'cancelled' || !messages) return outcome
      const { messages: sends } = await messages.list({ notificationId: id })
      await messages.note(
        sends.map(message => ({
          message: { id: message.id },
          kind: 'cancelled',
          vendorEventId: `${message.id}:cancelled`,
        })),
      )
      return outcome
    },
    async find(id) {
      assertOpen()
      const found = await store.find(id)
      return found && shown(found)
    },
    async list({ limit = LIMIT, ...options } = {}) {
      assertOpen()
      return (await store.list({ ...options, limit })).map(statusOf)
    },
    async batch(id) {
      assertOpen()
      return { ...NONE, ...(await store.batch(id)) }
    },
    async preferences(recipient) {
      assertOpen()
      return store.preferences.get(recipient)
    },
    async setPreferences(recipient, preferences) {
      assertOpen()
      await store.preferences.set(recipient, storable(checkedPreferences(preferences)))
    },
    async work({ concurrency = 10, pollMs = 1_000, leaseMs = 30_000 } = {}) {
      assertOpen()
      if (!(Number.isInteger(concurrency) && concurrency >= 1 && pollMs >= 10 && leaseMs >= 100))
        throw new NotificationError('concurrency is 1 or more, pollMs 10 or more, leaseMs 100 or more', {
          code: 'NOTIFICATION_OPTIONS',
        })
      worker ??= queues.work<{ id: string }>(
        QUEUE,
        ({ data, signal }: Job<{ id: string }>) => carryOn(data.id, leaseMs, signal).catch(onError),
        { concurrency, lockMs: leaseMs },
      )
      await worker
      dispatcher.start(pollMs)
    },
    reports: () => channels.reports(),
    async removeEnded(olderThanMs, { limit = 10_000 } = {}) {
      assertOpen()
      return store.removeEnded(olderThanMs, limit)
    },
    close({ timeoutMs = 10_000 } = {}) {
      closing ??= (async () => {
        await dispatcher.stop()
        await (await worker)?.close({ timeoutMs })
        await channels.close()
        await parts.closeOpened({ timeoutMs })
        await store.close()
      })()
      return closing
    },
  }
}
