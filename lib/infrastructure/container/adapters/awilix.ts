import { asFunction, createContainer } from 'awilix'
import type { PartResolver } from '../lifecycle.ts'

/** Awilix creates the parts: each once, when first resolved, after those it needs. */
export function awilixResolver(): PartResolver {
  const container = createContainer<Record<string, Promise<unknown>>>({ strict: true })
  return {
    register(name, needs, create) {
      const factory = async (cradle: Record<string, Promise<unknown>>) => {
        // Read from the cradle before the first await: only then does awilix detect cycles.
        const wanted = needs.map(async need => [need, await cradle[need]] as const)
        return create(Object.fromEntries(await Promise.all(wanted)))
      }
      container.register(name, asFunction(factory).singleton())
    },
    resolve: name => container.resolve<Promise<unknown>>(name),
    forget: name => void container.cache.delete(name),
  }
}
