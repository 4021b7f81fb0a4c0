import type { Outages } from '../part/outages.ts'
import type { ResolvedEnvironment } from '../settings/port.ts'
import type { Resource } from './resource.ts'

/** One environment as views and operations see it. */
export interface ConsoleEnvironment {
  readonly name: string
  readonly settings: ResolvedEnvironment
  readonly outages: Outages
  /** A resource of an area, or one that areas share. */
  of<T>(resource: Resource<T>): T
}
