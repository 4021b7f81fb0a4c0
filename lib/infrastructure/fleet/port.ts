import { InfrastructureError } from '../../core/errors.ts'
import type { AskingVerb, CommandArguments, CommandReply, Verb } from './protocol/messages.ts'

/** One domain of what a process reports to the fleet. */
export interface FleetSource {
  /** `breakers`, `caches`, `workers`, `pools`, `health`, `metrics`, or a name of your own. */
  domain: string
  /** Changes whenever `items()` does. */
  revision(): number
  items(): readonly unknown[]
}

/** Carries out a command. An error is answered as `refused`, with its message. */
export type CommandHandler<V extends Verb> = (
  args: CommandArguments[V],
  context: { issuedBy: string; remainingMs?: number },
) => V extends AskingVerb ? Promise<CommandReply<V>> | CommandReply<V> : Promise<void> | void
export type CommandHandlers = { [V in Verb]?: CommandHandler<V> }

export interface FleetIdentity {
  service: string
  /** Name of the instance, e.g. `checkout-1`. A successor with the same one replaces it. Default: host and pid. */
  instance?: string
  version?: string
  commit?: string
  owner?: string
  runbook?: string
}

export type FleetState = 'connecting' | 'registered' | 'away' | 'left'

/** A process' membership. No method rejects because of Redis: a service that loses Redis keeps serving. */
export interface FleetMember {
  readonly id: string
  readonly state: FleetState
  /** Registers, and keeps trying in the background while Redis is down. */
  start(): Promise<void>
  /** Adds a domain after the start. */
  addSource(source: FleetSource): void
  /** Publishes an event. Events are buffered (up to 200) while Redis is down. */
  publish(kind: string, data?: Record<string, unknown>): void
  /** Writes changed details now instead of with the next turn. */
  flush(): Promise<void>
  /** Reports that it stops, so that the console shows `left` and not `lost`. Waits at most a second. */
  stop(): Promise<void>
}

/** A second registration in one process, which would count metrics and commands twice. */
export class FleetRegistrationError extends InfrastructureError {
  override readonly code = 'FLEET_REGISTRATION'
}
