import type { CommandHandlers } from './port.ts'
import type { CommandReply } from './protocol/messages.ts'

interface Span {
  from: number
  until: number
}

/** What the fleet needs of the events of a process. */
export interface OperableEvents {
  count(subscription: string, options: Span & { timeoutMs: number }): Promise<number>
  find(id: string): Promise<CommandReply<'events.find'>['event']>
  replay(subscription: string, options: Span & { id: string; signal: AbortSignal; onBegun(): void }): Promise<unknown>
}

/** Less than a console waits for an answer (ms). */
const COUNT_TIMEOUT = 4_000

/** The verbs on events. */
export function eventsHandlers(events: OperableEvents): CommandHandlers {
  const replaying = new Map<string, AbortController>()
  return {
    'events.count': async ({ subscription, ...span }) => ({
      count: await events.count(subscription, { ...span, timeoutMs: COUNT_TIMEOUT }),
    }),
    'events.find': async ({ id }) => {
      const event = await events.find(id)
      return event ? { event } : {}
    },
    /** Refuses what cannot begin. How far it is, and what ended it, is in the report: it may take longer than an answer is waited for. */
    'events.replay': ({ subscription, replay, ...span }) =>
      new Promise<void>((onBegun, refuse) => {
        const stop = new AbortController()
        replaying.set(replay, stop)
        events
          .replay(subscription, { ...span, id: replay, signal: stop.signal, onBegun })
          .then(() => onBegun(), refuse)
          .finally(() => replaying.delete(replay))
      }),
    'events.replay-stop'({ replay }) {
      const stop = replaying.get(replay)
      if (!stop) throw new Error('that replay is not under way in this process')
      stop.abort(new Error('it was stopped by an operator'))
    },
  }
}
