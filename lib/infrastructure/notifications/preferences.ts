import { CHANNEL_KINDS, type ChannelKind } from './channel.ts'
import { NotificationError } from './errors.ts'

/** What a recipient wants. */
export interface Preferences {
  /** By type of notification, or `*` for the others: channels in the order of preference. None: not to be notified. */
  channels?: Readonly<Record<string, readonly ChannelKind[]>>
  /** Local times, `22:00` to `07:00`: what is not urgent waits until they end. */
  quietHours?: { from: string; to: string }
  /** IANA: that of the recipient when absent. */
  timeZone?: string
}

export interface PreferenceStore {
  /** Empty where there are none. */
  get(recipient: string): Promise<Preferences>
  set(recipient: string, preferences: Preferences): Promise<void>
}

const TIME = /^([01]\d|2[0-3]):[0-5]\d$/
const known: ReadonlySet<string> = new Set(CHANNEL_KINDS)

/** Throws NotificationError `NOTIFICATION_OPTIONS` for what could not be followed. */
export function checkedPreferences(preferences: Preferences): Preferences {
  const { channels = {}, quietHours, timeZone } = preferences
  const wrong = (what: string) => new NotificationError(what, { code: 'NOTIFICATION_OPTIONS' })
  for (const kinds of Object.values(channels))
    for (const kind of kinds) if (!known.has(kind)) throw wrong(`There is no channel ${kind}`)
  if (quietHours && !(TIME.test(quietHours.from) && TIME.test(quietHours.to)))
    throw wrong('Quiet hours have times such as 22:00')
  if (timeZone !== undefined && !isTimeZone(timeZone)) throw wrong(`${timeZone} is no IANA time zone`)
  return preferences
}

function isTimeZone(timeZone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone }) !== undefined
  } catch {
    return false
  }
}
