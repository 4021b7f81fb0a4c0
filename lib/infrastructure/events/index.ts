export { createEvents, type EventsDependencies, type EventsOptions } from './create.ts'
export { defineEvent, type EventType } from './event-type.ts'
export { eventsMigrations } from './migrations.ts'
export { anyOf } from './pattern.ts'
export {
  type Delivery,
  type DomainEvent,
  type EventHandler,
  type Events,
  EventsError,
  type EventsErrorCode,
  type EventsReport,
  type OutboxState,
  type PublishOptions,
  type ReplayOptions,
  type ReplayReport,
  type StoredEventState,
  type Subscription,
  type SubscriptionOptions,
  type SubscriptionReport,
} from './port.ts'
