import { setTimeout as pause } from 'node:timers/promises'
import { type Job, PermanentJobError } from '../queue/index.ts'
import type { Breaker } from '../resilience/index.ts'
import type { Causes } from './causes.ts'
import { type EventType, upcasted } from './event-type.ts'
import { type DomainEvent, type EventHandler, EventsError } from './port.ts'
import type { Tally } from './reports.ts'

interface DeliveryOptions {
  types: ReadonlyMap<string, EventType>
  causes: Causes
  handler: EventHandler
  attempts: number
  backoffMs: number
  breaker?: Breaker
  tally: Tally
}

/**
 * Handles the job of an event. Attempts are made here, not by the queue: a job that is put back would let the next one of its key
 * go first. After the last one it is a dead letter.
 */
export function deliver({ types, causes, handler, attempts, backoffMs, breaker, tally }: DeliveryOptions) {
  return async function work(job: Job<DomainEvent>): Promise<void> {
    const given = (error: unknown) => {
      tally.deadLettered++
      return error
    }
    let event: DomainEvent
    try {
      event = readable(types, job.data)
    } catch (error) {
      throw given(error)
    }
    for (let attempt = 1; ; attempt++) {
      const delivery = { ...event, deliveryId: job.id, attempt, signal: job.signal }
      try {
        const handle = async () => handler(delivery)
        await causes.during(event, () => (breaker ? breaker.execute(handle) : handle()))
        tally.handled++
        tally.lastHandledAt = Date.now()
        return
      } catch (error) {
        tally.failed++
        if (attempt >= attempts || error instanceof PermanentJobError) throw given(lastOf(error, attempt))
        job.signal.throwIfAborted()
        await job.log(
          `attempt ${attempt} of ${attempts} failed: ${error instanceof Error ? error.message : String(error)}`,
        )
        await pause(backoffMs * 2 ** (attempt - 1), undefined, { signal: job.signal })
      }
    }
  }
}

/** In the version that is known here. What cannot be read now cannot be read by another attempt either. */
function readable(types: ReadonlyMap<string, EventType>, event: DomainEvent): DomainEvent {
  const known = types.get(event.type)
  if (!known) return event
  try {
    return upcasted(known, event)
  } catch (error) {
    if (error instanceof EventsError) throw new PermanentJobError(error.message, { cause: error })
    throw new PermanentJobError(`The data of ${event.type} could not be brought to version ${known.version}`, {
      cause: error,
    })
  }
}

function lastOf(error: unknown, attempt: number): unknown {
  if (error instanceof PermanentJobError || attempt === 1) return error
  const { message, stack } = error instanceof Error ? error : new Error(String(error))
  const last = new PermanentJobError(message, { cause: error })
  if (stack !== undefined) last.stack = stack
  return last
}
