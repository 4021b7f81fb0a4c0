import { InfrastructureError } from '../../core/errors.ts'
import type { CommandArguments, Verb } from './protocol/messages.ts'

/** One domain of what a process has, as the fleet sees it. */
export interface FleetSource {
  /** `breakers`, `caches`, `workers`, `pools`, `health`, `metrics`, or a name of your own. */
  domain: string
  /** Moves whenever `items()` would read differently. */
  revision(): number
  items(): readonly unknown[]
}

/** Does what a command says. What it throws is sent back as `refused`, with its message. */
export type CommandHandler<V extends Verb> = (
  args: CommandArguments[V],
  context: { issuedBy: string; remainingMs?: number },
) => Promise<void> | void
export type CommandHandlers = { [V in Verb]?: CommandHandler<V> }

export interface FleetIdentity {
  service: string
  /** The place this process fills, e.g. `checkout-1`. A successor with the same one replaces it. Default: host and pid. */
  instance?: string
  version?: string
  commit?: string
  owner?: string
  runbook?: string
}

export type FleetState = 'connecting' | 'registered' | 'away' | 'left'

/** A process' membership. Nothing here ever rejects into the service: a service that loses Redis keeps serving. */
export interface FleetMember {
  readonly id: string
  readonly state: FleetState
  /** Registers, and goes on trying in the background when Redis is not there. */
  start(): Promise<void>
  /** Adds a domain after the start. */
  addSource(source: FleetSource): void
  /** Says that something changed. Kept (up to 200) while Redis is away. */
  publish(kind: string, data?: Record<string, unknown>): void
  /** Writes changed details now instead of at the next turn. */
  flush(): Promise<void>
  /** Says goodbye, so that the console shows `left` and not `lost`. Waits at most a second. */
  stop(): Promise<void>
}

/** A second registration in one process: metrics and commands would count twice. */
export class FleetRegistrationError extends InfrastructureError {
  override readonly code = 'FLEET_REGISTRATION'
}
