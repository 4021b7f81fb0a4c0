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

/** Asks one process of each outbox. */
export async function storedIn(
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
