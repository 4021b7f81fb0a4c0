import { z } from 'zod'
import type { Suppression } from '../../../../infrastructure/messages/index.ts'
import type { Part } from '../../../platform/part/part.ts'
import { part } from '../../../platform/part/read-part.ts'
import { defineView } from '../../../platform/view/define.ts'
import { exact } from '../../../platform/view/text-filters.ts'
import { CHANNELS, REASONS } from '../choices.ts'
import { chosenLog } from '../logs.ts'
import { maskedAddress } from '../mask.ts'
import { MessagesWatch } from '../watch.ts'

const PAGE = 100

export interface SuppressionsData {
  databases: { name: string; unknownBecause?: string }[]
  database?: string
  /** `whole`: addresses are not masked, so that they can be taken off the list. */
  list?: Part<{ rows: Suppression[]; next?: string; whole: boolean }>
}

/** Addresses that nothing is sent to. */
export const suppressionsView = defineView({
  id: 'suppressions',
  title: 'Suppressed addresses',
  permission: 'message:read',
  topics: ['messages'],
  filters: z.object({
    database: exact(300),
    q: exact(320).describe('an address, whole'),
    channel: z.enum(['', ...CHANNELS]).default(''),
    reason: z.enum(['', ...REASONS]).default(''),
    before: exact(600),
  }),
  freshFor: 1_000,
  async read({ environment, permissions }, { database: asked, q, channel, reason, before }): Promise<SuppressionsData> {
    const { databases, chosen } = await chosenLog(environment, asked)
    if (!chosen) return { databases }
    const { database, log } = chosen
    environment.of(MessagesWatch).looked()
    const whole = permissions.includes('message:content')
    const read = async () => {
      const messages = await log.open()
      const { suppressions, next } = await messages.suppressions(
        { ...(channel && { channel }), ...(reason && { reason }), ...(q && { address: q }) },
        { limit: PAGE, ...(before && { before }) },
      )
      const rows = whole ? suppressions : suppressions.map(row => ({ ...row, address: maskedAddress(row.address) }))
      return { rows, whole, ...(next === undefined ? {} : { next }) }
    }
    return { databases, database, list: await part(`Postgres ${database}`, environment.outages, read()) }
  },
})
