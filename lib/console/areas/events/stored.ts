import { newId } from '../../../core/ids.ts'
import { REPLIES } from '../../../infrastructure/fleet/index.ts'
import { Commands } from '../../fleet/resources.ts'
import type { ConsoleEnvironment } from '../../platform/environment/port.ts'
import type { OutboxRow } from './outboxes.ts'

/** A process whose nudge was lost reads the command with its next heartbeat, two seconds later at most (ms). */
const WAIT_MS = 2_500

/** What one outbox says of an event. */
export interface StoredIn {
  services: string[]
  /** Absent: it is not there, or not any more. */
  event?: { type: string; version: number; source: string; publishedAt: number; sentAt?: number }
  /** Why it is not known. */
  unknownBecause?: string
}

/** What was sent stays sent, and an event that is nowhere rarely appears (ms). One that waits is asked for again. */
const SENT_KEPT = 600_000
const ABSENT_KEPT = 10_000
const MOST_KEPT = 1_000
const kept = new Map<string, { found: StoredIn[]; until: number }>()

/** What each outbox says of an event. Views are read whenever a queue changes, so that an answer which stays true is kept. */
export async function storedIn(
  environment: ConsoleEnvironment,
  outboxes: readonly OutboxRow[],
  id: string,
): Promise<StoredIn[]> {
  const key = `${environment.name}/${id}`
  const known = kept.get(key)
  if (known && performance.now() < known.until) return known.found
  const found = await askEach(environment, outboxes, id)
  const ttl = found.some(({ event }) => event?.sentAt !== undefined)
    ? SENT_KEPT
    : found.length > 0 && found.every(({ event, unknownBecause }) => !event && unknownBecause === undefined)
      ? ABSENT_KEPT
      : 0
  kept.delete(key)
  if (ttl > 0) kept.set(key, { found, until: performance.now() + ttl })
  const [oldest] = kept.keys()
  if (kept.size > MOST_KEPT && oldest !== undefined) kept.delete(oldest)
  return found
}

/** Asks one process of each outbox. */
async function askEach(
  environment: ConsoleEnvironment,
  outboxes: readonly OutboxRow[],
  id: string,
): Promise<StoredIn[]> {
  return Promise.all(
    outboxes.map(async ({ services, processes }): Promise<StoredIn> => {
      const [asked] = processes
      if (!asked) return { services, unknownBecause: 'no process that has it is running' }
      const [answer] = await environment.of(Commands).issue({
        id: newId(),
        verb: 'events.find',
        scope: { processes: [asked.id] },
        args: { id },
        issuedBy: 'the console',
        expected: [asked.id],
        waitMs: WAIT_MS,
      })
      const reply = REPLIES['events.find'].safeParse(answer?.reply)
      if (answer?.status !== 'applied' || !reply.success)
        return { services, unknownBecause: `${asked.instance}: ${answer?.reason ?? 'its answer was not understood'}` }
      return { services, ...(reply.data.event ? { event: reply.data.event } : {}) }
    }),
  )
}
