import { placeOf } from '../../platform/area/names.ts'
import type { AttentionItem } from '../../platform/attention/item.ts'
import { LATE_AFTER, type OutboxRow } from './outboxes.ts'

/** Outboxes whose events are not sent. Dead letters and waiting jobs of subscriptions are for the queues to say. */
export function ofOutboxes(rows: readonly OutboxRow[], now: number): AttentionItem[] {
  return rows.flatMap(row => {
    const words = wordsOf(row, now)
    if (!words) return []
    const subject = `Outbox of ${row.services.join(', ')}`
    return [{ id: `outbox:${row.id}`, subject, href: placeOf('events', {}), act: 'See events', ...words }]
  })
}

/** Nothing can be said of them: there are some, and none of them can be read. */
export const areUnknown = (rows: readonly OutboxRow[]) =>
  rows.length > 0 && rows.every(({ state }) => state === 'unknown')

function wordsOf(
  { state, pending, more, oldestAt, relays }: OutboxRow,
  now: number,
): Pick<AttentionItem, 'band' | 'text' | 'detail' | 'since'> | undefined {
  const waits =
    pending === undefined
      ? 'How many events wait is not known.'
      : `${more ? 'More than ' : ''}${pending.toLocaleString('en')} wait.`
  const failing = relays.find(relay => relay.failing)
  if (state === 'failing')
    return {
      band: 'failing',
      text: 'cannot send its events',
      detail: `${failing?.instance}: ${failing?.failing?.message}. ${waits}`,
      since: Math.min(...relays.flatMap(relay => relay.failing?.since ?? [])),
    }
  if (state === 'no-relay' && oldestAt !== undefined && now - oldestAt > LATE_AFTER)
    return {
      band: 'failing',
      text: 'has events that no process sends',
      detail: `${waits} No living process runs the relay.`,
      since: oldestAt,
    }
  if (state === 'late')
    return {
      band: 'degraded',
      text: 'sends its events late',
      detail: `${waits} A relay is running, and the oldest has waited for more than a minute.`,
      ...(oldestAt === undefined ? {} : { since: oldestAt }),
    }
  return undefined
}
