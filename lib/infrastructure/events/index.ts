export { createEvents, type EventsDependencies, type EventsOptions } from './create.ts'
export { defineEvent, type EventType } from './event-type.ts'
export { queuesOf } from './fan-out.ts'
export { eventsMigrations } from './migrations.ts'
export { anyOf } from './pattern.ts'
export {
  type CountOptions,
  type Delivery,
  type DomainEvent,
  type EventHandler,
  type Events,
  EventsError,
  type EventsErrorCode,
  type EventsReport,
  type KnownSubscriptionReport,
  type OutboxState,
  type PublishOptions,
  type ReplayOptions,
  type ReplayReport,
  type StoredEventState,
  type Subscription,
  type SubscriptionOptions,
  type SubscriptionReport,
} from './port.ts'
