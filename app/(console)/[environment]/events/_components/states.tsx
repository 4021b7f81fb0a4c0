import { type Status, StatusBadge } from '@/components/status/status-mark'
import type { DeliveryState } from '@/lib/console/areas/events/deliveries'
import type { OutboxState } from '@/lib/console/areas/events/outboxes'
import type { SubscriptionState } from '@/lib/console/areas/events/subscriptions'

type Word = readonly [status: Status, word: string, title: string]

const SUBSCRIPTION: Record<SubscriptionState, Word> = {
  handling: ['good', 'Handling', 'Events are handled as they come'],
  paused: ['warning', 'Paused', 'One of its queues is paused'],
  behind: ['warning', 'Behind', 'The oldest event has waited for more than a minute'],
  'dead-letters': ['warning', 'Dead letters', 'Events that failed for good are kept'],
  unhandled: ['bad', 'Not handled', 'No living process handles it; its events wait'],
  unknown: ['unknown', 'Unknown', 'Its queues could not be read'],
}

const OUTBOX: Record<OutboxState, Word> = {
  relaying: ['good', 'Relaying', 'What is published is sent'],
  late: ['warning', 'Late', 'The oldest event has waited for more than a minute'],
  'no-relay': ['warning', 'No relay', 'No living process sends what is published'],
  failing: ['bad', 'Failing', 'The relay cannot send'],
  unknown: ['unknown', 'Unknown', 'It is not known what is in it'],
}

const DELIVERY: Record<DeliveryState, Word> = {
  completed: ['good', 'Completed', 'It was handled'],
  active: ['good', 'Active', 'It is being handled'],
  waiting: ['good', 'Waiting', 'It waits in the queue'],
  elsewhere: ['unknown', 'In its queue', 'Its job is neither waiting, active, completed nor a dead letter'],
  'dead-letter': ['bad', 'Dead letter', 'It failed for good'],
  none: ['unknown', 'Not kept', 'Not sent, or handled and no longer kept'],
  unwanted: ['unknown', 'Not wanted', 'No pattern of the subscription matches its type'],
  unknown: ['unknown', 'Unknown', 'The queue could not be read'],
}

export const SubscriptionBadge = ({ state }: { state: SubscriptionState }) => <Badge word={SUBSCRIPTION[state]} />
export const OutboxBadge = ({ state }: { state: OutboxState }) => <Badge word={OUTBOX[state]} />
export const DeliveryBadge = ({ state }: { state: DeliveryState }) => <Badge word={DELIVERY[state]} />

function Badge({ word: [status, word, title] }: { word: Word }) {
  return (
    <StatusBadge status={status} quiet={status === 'good' || status === 'unknown'} title={title}>
      {word}
    </StatusBadge>
  )
}
