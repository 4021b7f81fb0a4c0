import { defineArea } from '../../platform/area/define.ts'
import { nameGroup, placeOf } from '../../platform/area/names.ts'
import { areUnknown, ofOutboxes } from './attention.ts'
import { replayEvents } from './operations/replay.ts'
import { readReported } from './read.ts'
import { eventView } from './views/event.ts'
import { eventsView } from './views/events.ts'

export const eventsArea = defineArea({
  id: 'events',
  title: 'Events',
  page: { group: 'operate', icon: 'radio', shortcut: 'e', counts: 'not sent' },
  permissions: { 'event:read': 'viewer', 'event:replay': 'operator' },
  topics: { subscriptions: 'event:read' },
  views: [eventsView, eventView],
  operations: [replayEvents],
  async attention({ environment }) {
    const reported = await readReported(environment)
    if (reported.status === 'down') return { items: [], known: false }
    const { outboxes } = reported.data
    return { items: ofOutboxes(outboxes, Date.now()), known: !areUnknown(outboxes) }
  },
  async names({ environment }, query) {
    const reported = await readReported(environment)
    const all = reported.status === 'down' ? [] : reported.data.subscriptions
    const items = all.map(({ name, services }) => ({
      id: name,
      label: name,
      detail: services.join(', '),
      href: placeOf('events', { subscription: name }),
    }))
    return [nameGroup('subscriptions', 'Subscriptions', query, items, 'subscription')]
  },
})
