import { randomInt } from 'node:crypto'
import type { Cluster, Redis } from 'ioredis'
import { scriptSha } from '../../../core/redis-script.ts'

/** Runs a script on a namespace; its text is sent only when Redis does not have it yet. */
export type RunScript = <T>(script: string, ...args: (string | number | Uint8Array)[]) => Promise<T>

/** `binary`: texts in the answer stay bytes. Every script gets the prefix as its first argument and `{ns}:meta` as its key, which decides the node of a Cluster. */
export function scriptsOf(redis: Redis | Cluster, prefix: string, { binary = false } = {}): RunScript {
  return async function run<T>(script: string, ...values: (string | number | Uint8Array)[]): Promise<T> {
    const args = [prefix, ...values] as (string | number | Buffer)[]
    const call = (command: 'eval' | 'evalsha', text: string) => {
      const all = [text, 1, `${prefix}meta`, ...args]
      return binary ? redis.callBuffer(command, all) : redis.call(command, all)
    }
    try {
      return (await call('evalsha', scriptSha(script))) as T
    } catch (error) {
      if (!(error instanceof Error && error.message.startsWith('NOSCRIPT'))) throw error
      return (await call('eval', script)) as T
    }
  }
}

/** The generation of a namespace that Redis does not know yet. */
export const freshGeneration = () => String(randomInt(1, 2 ** 47))
