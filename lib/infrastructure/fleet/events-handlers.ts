import type { CommandHandlers } from './port.ts'
import type { CommandReply } from './protocol/messages.ts'

interface Span {
  from: number
  until: number
}

/** What the fleet needs of the events of a process. */
export interface OperableEvents {
  count(subscription: string, span: Span): Promise<number>
  find(id: string): Promise<CommandReply<'events.find'>['event']>
  replay(subscription: string, options: Span & { id: string }): Promise<unknown>
}

/** The verbs on events. */
export function eventsHandlers(events: OperableEvents): CommandHandlers {
  return {
    'events.count': async ({ subscription, ...span }) => ({ count: await events.count(subscription, span) }),
    'events.find': async ({ id }) => {
      const event = await events.find(id)
      return event ? { event } : {}
    },
    async 'events.replay'({ subscription, replay, ...span }) {
      // Refuses what cannot begin. How far it is, and what ended it, is in the report: it may take longer than anybody waits.
      await events.count(subscription, span)
      events.replay(subscription, { ...span, id: replay }).catch(() => undefined)
    },
  }
}
