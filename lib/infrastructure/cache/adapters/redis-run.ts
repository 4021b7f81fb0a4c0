import { createHash } from 'node:crypto'
import type { Redis } from 'ioredis'

/** Runs a script on a namespace; its text is sent only when Redis does not have it yet. */
export type RunScript = <T>(script: string, ...args: (string | number)[]) => Promise<T>

/** Every script gets the prefix as its first argument and `{ns}:meta` as its key, which decides the node of a Cluster. */
export function scriptsOf(redis: Redis, prefix: string): RunScript {
  return async function run<T>(script: string, ...args: (string | number)[]): Promise<T> {
    try {
      return (await redis.evalsha(shaOf(script), 1, `${prefix}meta`, prefix, ...args)) as T
    } catch (error) {
      if (!(error instanceof Error && error.message.startsWith('NOSCRIPT'))) throw error
      return (await redis.eval(script, 1, `${prefix}meta`, prefix, ...args)) as T
    }
  }
}

const shas = new Map<string, string>()
function shaOf(script: string): string {
  let sha = shas.get(script)
  if (sha === undefined) {
    sha = createHash('sha1').update(script).digest('hex')
    shas.set(script, sha)
  }
  return sha
}
