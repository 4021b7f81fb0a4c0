import { awilixResolver } from './adapters/awilix.ts'
import { type ContainerOptions, containerOn } from './lifecycle.ts'
import type { Container } from './port.ts'

/** An empty container. Add parts in a chain, so that each knows the types of those before it. */
// biome-ignore lint/complexity/noBannedTypes: {} is the type that has no parts yet, and gains them by intersection
export function createContainer(options: ContainerOptions = {}): Container<{}> {
  return containerOn(awilixResolver(), options)
}
