import type { Outages } from '../part/outages.ts'
import type { ResolvedEnvironment } from '../settings/port.ts'
import type { Resource } from './resource.ts'

/** One environment as views and operations meet it. */
export interface ConsoleEnvironment {
  readonly name: string
  readonly settings: ResolvedEnvironment
  readonly outages: Outages
  /** What an area, or what areas share, has open here. */
  of<T>(resource: Resource<T>): T
}
