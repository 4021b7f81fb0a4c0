import type { MessageCount } from '../../../infrastructure/messages/index.ts'
import { placeOf } from '../../platform/area/names.ts'
import type { AttentionItem } from '../../platform/attention/item.ts'

/** Providers warn and block senders above about these shares: https://support.google.com/a/answer/81126, SES' and SendGrid's own limits. */
const BOUNCED = 0.05
const COMPLAINED = 0.001
/** Fewer say nothing about a rate. */
const LEAST = 50
/** One complaint among few is no rate. */
const LEAST_COMPLAINTS = 3

/** Channels of which too many bounce, or are complained of. */
export function ofMessages(database: string, counts: readonly MessageCount[]): AttentionItem[] {
  return [...Map.groupBy(counts, ({ channel }) => channel)].flatMap(([channel, all]) => {
    const sum = (...statuses: MessageCount['status'][]) =>
      all.filter(({ status }) => statuses.includes(status)).reduce((total, { count }) => total + count, 0)
    const ended = sum('sent', 'delivered', 'bounced', 'complained')
    if (ended < LEAST) return []
    const [bounced, complained] = [sum('bounced'), sum('complained')]
    const item = (what: 'bounced' | 'complained', count: number, text: string): AttentionItem => ({
      id: `messages:${database}:${channel}:${what}`,
      band: 'degraded',
      subject: `${channel} messages`,
      text,
      detail: `${count} of ${ended} of the last 24 hours, by the log in ${database}. Providers block senders above this.`,
      share: count / ended,
      count,
      href: placeOf('messages', { database, channel, status: what }),
      act: 'See messages',
    })
    const percent = (count: number) => `${Math.round((count / ended) * 1_000) / 10} %`
    return [
      ...(bounced / ended >= BOUNCED ? [item('bounced', bounced, `bounce: ${percent(bounced)}`)] : []),
      ...(complained >= LEAST_COMPLAINTS && complained / ended >= COMPLAINED
        ? [item('complained', complained, `are complained of: ${percent(complained)}`)]
        : []),
    ]
  })
}
