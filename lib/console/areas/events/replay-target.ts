import { z } from 'zod'
import { newId } from '../../../core/ids.ts'
import { REPLIES } from '../../../infrastructure/fleet/index.ts'
import { type HeldKind, type Holder, holdersOf } from '../../fleet/holders.ts'
import { Commands } from '../../fleet/resources.ts'
import type { ConsoleEnvironment } from '../../platform/environment/port.ts'
import { Name, Reason } from '../../platform/operation/input.ts'
import { RefusalError } from '../../platform/refusal.ts'
import { DOMAIN, EventsItem } from './events-item.ts'

const EVENTS: HeldKind<EventsItem> = { domain: DOMAIN, schema: EventsItem, noun: 'outbox', field: 'service' }
const Time = z.number().int().min(0).max(8_640_000_000_000_000)

export const ReplayInput = z
  .strictObject({
    subscription: Name,
    service: Name.describe('whose outbox has the events'),
    from: Time.describe('events published from then on (ms since the epoch)'),
    until: Time.describe('and before then'),
    reason: Reason,
  })
  .refine(({ from, until }) => from < until, { path: ['until'], message: 'must be after the beginning' })
type Target = z.output<typeof ReplayInput>

/** The process that is asked: of those with the outbox one that obeys, the relaying ones first. Refuses when there is none. */
export async function replayHolder(
  environment: ConsoleEnvironment,
  { service }: Pick<Target, 'service'>,
): Promise<Holder<EventsItem>> {
  // The report of a process of a service has the service's name.
  const holders = await holdersOf(environment, EVENTS, service, { kind: 'service', service })
  const storing = holders.filter(({ item }) => item.stores)
  const able = storing.filter(({ process }) => process.identity?.verbs.includes('events.replay'))
  const chosen = able.find(({ item }) => item.relay) ?? able[0] ?? storing[0]
  if (chosen) return chosen
  throw new RefusalError({
    code: 'invalid',
    message: `${service} has no outbox: its events are not stored, so they cannot be sent again.`,
    fields: { service: 'has no outbox' },
  })
}

/** How many events it would send, as the process says that would. */
export async function countedBy(
  environment: ConsoleEnvironment,
  { process }: Holder<EventsItem>,
  { subscription, from, until }: Target,
): Promise<number> {
  const [answer] = await environment.of(Commands).issue({
    id: newId(),
    verb: 'events.count',
    scope: { processes: [process.id] },
    args: { subscription, from, until },
    issuedBy: 'the console',
    expected: [process.id],
  })
  const reply = REPLIES['events.count'].safeParse(answer?.reply)
  if (answer?.status === 'applied' && reply.success) return reply.data.count
  throw new RefusalError({
    code: answer?.status === 'refused' ? 'invalid' : 'unavailable',
    message: `${process.instance} could not count the events: ${answer?.reason ?? 'its answer was not understood'}. Nothing was done.`,
  })
}
