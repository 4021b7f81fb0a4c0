import { Fleet } from '../../fleet/resources.ts'
import type { ConsoleEnvironment } from '../../platform/environment/port.ts'
import { mapPart } from '../../platform/part/map-part.ts'
import type { Part } from '../../platform/part/part.ts'
import { DOMAIN } from './events-item.ts'
import { type OutboxRow, outboxRows } from './outboxes.ts'
import { queueFigures } from './queue-figures.ts'
import { reportingIn } from './reporting.ts'
import { type Subscribed, type SubscriptionRow, subscribed, subscriptionRow } from './subscriptions.ts'

/** What the fleet reports, without the queues. */
export async function readReported(
  environment: ConsoleEnvironment,
): Promise<Part<{ subscriptions: Subscribed[]; outboxes: OutboxRow[]; omitted: number }>> {
  const fleet = await environment.of(Fleet).read([DOMAIN])
  return mapPart(fleet, snapshot => {
    const { omitted, ...reports } = reportingIn(snapshot)
    return { subscriptions: subscribed(reports), outboxes: outboxRows(reports.processes, Date.now()), omitted }
  })
}

/** Every subscription with its queues, and every outbox. */
export async function readEvents(
  environment: ConsoleEnvironment,
): Promise<Part<{ subscriptions: SubscriptionRow[]; outboxes: OutboxRow[]; omitted: number }>> {
  const reported = await readReported(environment)
  if (reported.status === 'down') return reported
  const { subscriptions, ...rest } = reported.data
  const figures = await queueFigures(
    environment,
    subscriptions.flatMap(({ keys }) => keys),
  )
  const now = Date.now()
  return {
    ...reported,
    data: { subscriptions: subscriptions.map(one => subscriptionRow(one, figures, now)), ...rest },
  }
}
