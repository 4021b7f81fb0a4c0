import { z } from 'zod'
import { mapPart } from '../../../platform/part/map-part.ts'
import type { Part } from '../../../platform/part/part.ts'
import { part } from '../../../platform/part/read-part.ts'
import { defineView } from '../../../platform/view/define.ts'
import { exact } from '../../../platform/view/text-filters.ts'
import { Logs } from '../logs.ts'
import { type ShownEvent, type ShownMessage, shownEvent, shownMessage } from '../shown.ts'
import { MessagesWatch } from '../watch.ts'

const MOST_EVENTS = 500
const MOST_CONTENT = 100_000

export interface MessageData {
  /** Absent where no database of that name is declared; its `message` where it has none of that id. */
  found?: Part<{
    message?: ShownMessage
    /** The oldest first. */
    events: ShownEvent[]
    /** What was sent, as JSON, for those who may see it; `cut` where it is longer. */
    content?: { json: string; cut: boolean }
    mayRead: boolean
  }>
}

/** One message and its way: queued, attempts, provider, what its provider told later. */
export const messageView = defineView({
  id: 'message',
  title: 'Message',
  permission: 'message:read',
  topics: ['messages'],
  filters: z.object({ database: exact(300), id: exact(26) }),
  freshFor: 1_000,
  async read({ environment, permissions }, { database, id }): Promise<MessageData> {
    const log = environment.of(Logs).find(database)
    if (!log) return {}
    environment.of(MessagesWatch).looked()
    const whole = permissions.includes('message:content')
    const read = async () => {
      const messages = await log.open()
      const [message, events] = await Promise.all([messages.find(id), messages.events(id)])
      return { message, events }
    }
    const found = mapPart(await part(`Postgres ${database}`, environment.outages, read()), ({ message, events }) => {
      if (!message) return { events: [], mayRead: whole }
      const { content, lookup: _, ...rest } = message
      const json = JSON.stringify(content, null, 2)
      return {
        message: shownMessage(rest, whole),
        events: events.slice(-MOST_EVENTS).map(event => shownEvent(event, whole)),
        ...(whole ? { content: { json: json.slice(0, MOST_CONTENT), cut: json.length > MOST_CONTENT } } : {}),
        mayRead: whole,
      }
    })
    return { found }
  },
})
