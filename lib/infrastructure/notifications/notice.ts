import { storable } from '../../core/json.ts'
import { CHANNEL_KINDS } from './channel.ts'
import { NotificationError } from './errors.ts'
import type { NotificationMessage, NotifyOptions } from './port.ts'
import type { KeptRecord } from './record.ts'
import { stageOf } from './routing.ts'
import type { NewNotifications } from './store.ts'

const LONGEST = 300
const known: ReadonlySet<string> = new Set(CHANNEL_KINDS)

/** What is stored of a notification. Throws NotificationError `NOTIFICATION_OPTIONS` for what cannot be carried out. */
export function checkedNotice(
  recipients: readonly string[],
  message: NotificationMessage,
  { channels, fallbackAfterMs, at, dedupe, digest }: NotifyOptions,
  defaults: { fallbackAfterMs: number },
): Omit<NewNotifications, 'rows' | 'type'> {
  const wrong = (what: string) => {
    throw new NotificationError(what, { code: 'NOTIFICATION_OPTIONS' })
  }
  const isName = (text: string) => text.length >= 1 && text.length <= LONGEST
  const at0 = at === undefined ? undefined : Number(at)
  if (!recipients.every(isName)) wrong(`A recipient has 1 to ${LONGEST} characters`)
  if (!isName(message.type)) wrong(`A type has 1 to ${LONGEST} characters`)
  if (channels?.length === 0) wrong('Name at least one channel, or leave them out')
  for (const kind of channels?.flatMap(stageOf) ?? []) if (!known.has(kind)) wrong(`There is no channel ${kind}`)
  if (at0 !== undefined && !Number.isFinite(at0)) wrong('`at` is ms since the epoch, or a date')
  if (at0 !== undefined && digest) wrong('A digest has no time of its own: it is sent when its window ends')
  for (const { key, windowMs } of [dedupe, digest].filter(each => each !== undefined))
    if (!isName(key) || !(windowMs > 0)) wrong(`A key has 1 to ${LONGEST} characters, and a window more than 0 ms`)
  const kept = storable({ ...message, priority: message.priority ?? 'normal' })
  const record: KeptRecord = {
    message: kept,
    ...(channels === undefined ? {} : { asked: channels }),
    fallbackAfterMs: fallbackAfterMs ?? defaults.fallbackAfterMs,
    stage: 0,
    sends: [],
    ...(digest ? { waitsFor: 'digest' as const } : at0 === undefined ? {} : { waitsFor: 'schedule' as const }),
  }
  return {
    record,
    dueAt: digest ? Date.now() + digest.windowMs : at0,
    dedupe,
    digest: digest && { key: digest.key, item: JSON.stringify(kept) },
  }
}
