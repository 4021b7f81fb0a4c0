import { z } from 'zod'
import type { MessageCount } from '../../../../infrastructure/messages/index.ts'
import type { Part } from '../../../platform/part/part.ts'
import { part } from '../../../platform/part/read-part.ts'
import { defineView } from '../../../platform/view/define.ts'
import { exact } from '../../../platform/view/text-filters.ts'
import { CHANNELS, STATUSES } from '../choices.ts'
import { chosenLog } from '../logs.ts'
import { type ShownMessage, shownMessage } from '../shown.ts'
import { MessagesWatch } from '../watch.ts'

const PAGE = 100

export interface MessagesData {
  /** Declared databases that have a log, or of which it is not known. */
  databases: { name: string; unknownBecause?: string }[]
  /** The one that is shown; absent where none has a log. */
  database?: string
  log?: Part<{ rows: ShownMessage[]; next?: string }>
  /** Of the last 24 hours, by channel, provider and status. */
  counts?: Part<MessageCount[]>
}

/** The log of messages over all channels, the newest first. */
export const messagesView = defineView({
  id: 'messages',
  title: 'Messages',
  permission: 'message:read',
  topics: ['messages'],
  filters: z.object({
    database: exact(300),
    q: exact(320).describe('a recipient, whole: an address, a number, the id of a user'),
    channel: z.enum(['', ...CHANNELS]).default(''),
    status: z.enum(['', ...STATUSES]).default(''),
    provider: exact(300),
    template: exact(300),
    from: z.coerce.number().int().min(0).optional().catch(undefined),
    to: z.coerce.number().int().min(0).optional().catch(undefined),
    before: exact(26),
  }),
  freshFor: 1_000,
  async read({ environment, permissions }, { database: asked, q, from, to, before, ...equal }): Promise<MessagesData> {
    const { databases, chosen } = await chosenLog(environment, asked)
    if (!chosen) return { databases }
    environment.of(MessagesWatch).looked()
    const whole = permissions.includes('message:content')
    const filter = {
      ...Object.fromEntries(Object.entries(equal).filter(([, value]) => value !== '')),
      ...(q && { recipient: q }),
      ...(from === undefined ? {} : { from }),
      ...(to === undefined ? {} : { until: to }),
    }
    const page = async () => {
      const messages = await chosen.log.open()
      const { messages: rows, next } = await messages.list(filter, { limit: PAGE, ...(before && { before }) })
      return { rows: rows.map(row => shownMessage(row, whole)), ...(next === undefined ? {} : { next }) }
    }
    const [log, counts] = await Promise.all([
      part(`Postgres ${chosen.database}`, environment.outages, page()),
      chosen.log.countsOfDay(4_000),
    ])
    return { databases, database: chosen.database, log, counts }
  },
})
