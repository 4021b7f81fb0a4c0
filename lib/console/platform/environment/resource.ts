import type { Logger } from '../../../infrastructure/logging/index.ts'
import type { LiveHub } from '../live/hub.ts'
import type { Outages } from '../part/outages.ts'
import type { ResolvedEnvironment, Settings } from '../settings/port.ts'
import type { Store } from '../store/port.ts'

/** What a resource is opened with. */
export interface ResourceContext {
  readonly name: string
  readonly settings: ResolvedEnvironment
  readonly console: Settings
  readonly store: Store
  readonly hub: LiveHub
  readonly logger: Logger
  readonly outages: Outages
  /** Another resource of the same environment, opened first and closed after this one. Two that need each other are refused. */
  of<T>(resource: Resource<T>): T
}

export interface OpenedResource<T> {
  readonly value: T
  /** Called once, when the environment starts. */
  start?(): void
  close?(): void | Promise<void>
}

/** Something that is open once in each environment: `environment.of(Queues)`. */
export interface Resource<T> {
  /** Of which there is one in an environment. */
  readonly id: string
  open(context: ResourceContext): OpenedResource<T>
}

export function defineResource<T>(id: string, open: (context: ResourceContext) => OpenedResource<T>): Resource<T> {
  return { id, open }
}
