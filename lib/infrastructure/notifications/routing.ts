import type { ChannelKind } from './channel.ts'
import type { Priority, Recipient, Stage } from './port.ts'
import type { Preferences } from './preferences.ts'

export type Routes = Readonly<Partial<Record<Priority, readonly Stage[]>>>

/** Where priorities have no channels of their own. */
const DEFAULT: readonly Stage[] = ['in-app', 'web-push', 'expo', 'fcm', 'email', 'sms']

export const stageOf = (stage: Stage): readonly ChannelKind[] => (typeof stage === 'string' ? [stage] : stage)

/**
 * The stages of one notification, in order: what was asked for, else those of its priority; of them what the recipient wants of this type, in that order, and
 * what is there to reach the recipient by. Urgent ones go on with the channels that are not wanted.
 */
export function stagesFor(
  { type, priority, asked }: { type: string; priority: Priority; asked: readonly Stage[] | undefined },
  { channels: wanted = {} }: Preferences,
  { addresses }: Recipient,
  { routes, open }: { routes: Routes; open: ReadonlySet<ChannelKind> },
): ChannelKind[][] {
  const reaches = (kind: ChannelKind) => open.has(kind) && (kind === 'in-app' || (addresses[kind]?.length ?? 0) > 0)
  const stages = (asked ?? routes[priority] ?? routes.normal ?? DEFAULT).map(stage => stageOf(stage).filter(reaches))
  const order = wanted[type] ?? wanted['*']
  if (order === undefined) return stages.filter(stage => stage.length > 0)
  const rank = (kind: ChannelKind) => order.indexOf(kind)
  const chosen = stages.map(stage => stage.filter(kind => rank(kind) >= 0)).filter(stage => stage.length > 0)
  const bestOf = (stage: readonly ChannelKind[]) => Math.min(...stage.map(rank))
  chosen.sort((a, b) => bestOf(a) - bestOf(b))
  if (priority !== 'urgent') return chosen
  const others = stages.map(stage => stage.filter(kind => rank(kind) < 0)).filter(stage => stage.length > 0)
  return [...chosen, ...others]
}
