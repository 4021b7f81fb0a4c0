import { z } from 'zod'

const Text = z.string().max(2_000)
const Name = z.string().min(1).max(300)
const Millis = z.number()

const Subscribed = {
  name: Name,
  to: z.array(z.string().max(300)).max(200),
  // The names of its queues are made of it.
  partitions: z.number().int().min(1).max(64),
}

/** A subscription as one of its processes reports it (SubscriptionReport), checked: anyone may have written what is in Redis. */
export const SubscriptionItem = z.object({
  kind: z.literal('subscription'),
  ...Subscribed,
  prefix: Name,
  handled: z.number(),
  failed: z.number(),
  deadLettered: z.number(),
  lastHandledAt: Millis.optional(),
})
export type SubscriptionItem = z.infer<typeof SubscriptionItem>

const ReplayItem = z.object({
  id: z.string().max(60),
  subscription: Name,
  startedAt: Millis,
  sent: z.number(),
  endedAt: Millis.optional(),
  error: Text.optional(),
})
export type ReplayItem = z.infer<typeof ReplayItem>

/** What else a process reports of its events (EventsReport). */
export const EventsItem = z.object({
  kind: z.literal('events'),
  name: Name,
  published: z.number(),
  stores: z.boolean(),
  database: z.string().max(300).optional(),
  outbox: z
    .union([
      z.object({ pending: z.number(), more: z.literal(true).optional(), oldestAt: Millis.optional(), at: Millis }),
      z.object({ unknownBecause: Text, at: Millis }),
    ])
    .optional(),
  relay: z
    .object({
      since: Millis,
      relayed: z.number(),
      perSecond: z.number().optional(),
      lastAt: Millis.optional(),
      standby: z.boolean(),
      failing: z.object({ since: Millis, message: Text }).optional(),
    })
    .optional(),
  replays: z.array(ReplayItem).max(100),
})
export type EventsItem = z.infer<typeof EventsItem>

/** A subscription that a process knows of without handling it (KnownSubscriptionReport). */
export const KnownItem = z.object({
  kind: z.literal('known'),
  ...Subscribed,
  service: Name,
  prefix: Name.optional(),
})
export type KnownItem = z.infer<typeof KnownItem>

export const DOMAIN = 'events'
export const EventsReportItem = z.discriminatedUnion('kind', [EventsItem, SubscriptionItem, KnownItem])
