export { createEvents, type EventsDependencies, type EventsOptions } from './create.ts'
export { defineEvent, type EventType } from './event-type.ts'
export { eventsMigrations } from './migrations.ts'
export {
  type Delivery,
  type DomainEvent,
  type EventHandler,
  type Events,
  EventsError,
  type EventsErrorCode,
  type OutboxState,
  type PublishOptions,
  type ReplayOptions,
  type Subscription,
  type SubscriptionOptions,
} from './port.ts'
