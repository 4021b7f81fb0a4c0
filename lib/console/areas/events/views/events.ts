import { z } from 'zod'
import { byText } from '../../../../core/text-order.ts'
import { mapPart } from '../../../platform/part/map-part.ts'
import type { Part } from '../../../platform/part/part.ts'
import { defineView } from '../../../platform/view/define.ts'
import { Direction, turnOf } from '../../../platform/view/direction.ts'
import { exact, search } from '../../../platform/view/text-filters.ts'
import type { OutboxRow } from '../outboxes.ts'
import { readEvents } from '../read.ts'
import { isTroubled, type SubscriptionRow } from '../subscriptions.ts'

export interface EventsData {
  subscriptions: Part<{
    rows: SubscriptionRow[]
    total: number
    counts: Record<'all' | 'trouble' | 'unhandled', number>
    services: string[]
    /** Reports of processes that are missing here: they did not fit, or were not understood. */
    omitted: number
    /** There is none at all, and nothing is missing. */
    none: boolean
  }>
  outboxes: Part<OutboxRow[]>
}

const filters = z.object({
  q: search,
  state: z.enum(['all', 'trouble', 'unhandled']).default('all'),
  service: exact(300),
  /** Exactly this one. */
  name: exact(100),
  sort: z.enum(['name', 'waiting', 'dead', 'rate']).default('name'),
  dir: Direction,
})

const inState = {
  all: () => true,
  trouble: isTroubled,
  unhandled: ({ state }: SubscriptionRow) => state === 'unhandled',
}

const LIMIT = 500

/** Every subscription with what waits in its queues, and every outbox with who relays it. */
export const eventsView = defineView({
  id: 'events',
  title: 'Events',
  permission: 'event:read',
  topics: ['subscriptions', 'fleet', 'queues'],
  filters,
  freshFor: 2_000,
  async read({ environment }, { q, state, service, name, sort, dir }): Promise<EventsData> {
    const reading = await readEvents(environment)
    const text = q.toLowerCase()
    return {
      outboxes: mapPart(reading, ({ outboxes }) => outboxes),
      subscriptions: mapPart(reading, ({ subscriptions: all, omitted }) => {
        const meant = all.filter(
          row =>
            (!text || `${row.name} ${row.to.join(' ')} ${row.services.join(' ')}`.toLowerCase().includes(text)) &&
            (!service || row.services.includes(service)) &&
            (!name || row.name === name),
        )
        const rows = meant.filter(inState[state]).sort(ordered(sort, turnOf(dir, sort === 'name' ? 'asc' : 'desc')))
        const count = (of: keyof typeof inState) => meant.filter(inState[of]).length
        return {
          rows: rows.slice(0, LIMIT),
          total: rows.length,
          counts: { all: count('all'), trouble: count('trouble'), unhandled: count('unhandled') },
          services: [...new Set(all.flatMap(row => row.services))].sort(byText),
          omitted,
          none: all.length === 0 && omitted === 0,
        }
      }),
    }
  },
})

const FIGURES = {
  waiting: ({ waiting }: SubscriptionRow) => waiting,
  dead: ({ deadLetters }: SubscriptionRow) => deadLetters,
  rate: ({ perSecond }: SubscriptionRow) => perSecond,
}

function ordered(sort: 'name' | keyof typeof FIGURES, turn: number) {
  return (a: SubscriptionRow, b: SubscriptionRow) => {
    if (sort === 'name') return turn * byText(a.name, b.name)
    // What is unknown is last in either order.
    const [x, y] = [FIGURES[sort](a), FIGURES[sort](b)]
    if (x === undefined || y === undefined) return Number(x === undefined) - Number(y === undefined)
    return turn * (y - x) || byText(a.name, b.name)
  }
}
