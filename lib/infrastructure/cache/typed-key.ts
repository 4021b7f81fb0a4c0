import { escapeGlob } from '../../core/escape-glob.ts'
import type { Cache, Factory, InvalidationTarget, SetOptions } from './port.ts'
import type { CacheSchema } from './schema.ts'

/** Keys of one kind, `name:…`, whose arguments and values are typed. */
export interface TypedKey<Args, Value> {
  readonly name: string
  /** All keys of this kind, to invalidate or count them. */
  readonly all: InvalidationTarget
  of(args: Args): string
  get(cache: Cache, args: Args): Promise<Value | undefined>
  set(cache: Cache, args: Args, value: Value, options?: SetOptions): Promise<void>
  getOrSet(cache: Cache, args: Args, factory: Factory<Value>, options?: SetOptions): Promise<Value>
  delete(cache: Cache, args: Args): Promise<void>
}

/** `toKey` returns what follows `name:`. The options, and the schema of the values, apply wherever the key is used. */
export function defineKey<Args, Value>(
  name: string,
  toKey: (args: Args) => string,
  defaults: SetOptions & { schema?: CacheSchema<Value> } = {},
): TypedKey<Args, Value> {
  const of = (args: Args) => `${name}:${toKey(args)}`
  const withDefaults = (options: SetOptions | undefined) => (options ? { ...defaults, ...options } : defaults)
  return {
    name,
    all: { by: 'pattern', pattern: `${escapeGlob(name)}:*` },
    of,
    get: (cache, args) => cache.get<Value>(of(args), defaults),
    set: (cache, args, value, options) => cache.set(of(args), value, withDefaults(options)),
    getOrSet: (cache, args, factory, options) => cache.getOrSet(of(args), factory, withDefaults(options)),
    delete: (cache, args) => cache.delete(of(args)),
  }
}
