/** A process with one cache, memory before Redis, whose factories answer when asked to. */
import { createCacheRegistry } from '../cache/index.ts'
import { answerAsProgram } from './program.ts'

const [namespace = '', redisUrl = '', options = '{}'] = process.argv.slice(2)
const registry = createCacheRegistry({ redisUrl, commandTimeoutMs: 500 }, { checkEveryMs: 60_000 })
const cache = await registry.create({ name: 'catalog', namespace, ...JSON.parse(options) })
while (cache.report().bus !== 'listening') await new Promise(resolve => setTimeout(resolve, 5))

let made = 0
const madeKeys: string[] = []
let finish = Promise.withResolvers<void>()
let calls: Promise<unknown[]> = Promise.resolve([])

const answered = async (afterMs: number | undefined, value: string) => {
  await (afterMs === undefined ? finish.promise : new Promise(resolve => setTimeout(resolve, afterMs)))
  if (value === 'failure') throw new Error('origin down')
}
const orRejected = (call: Promise<unknown>) => call.catch((error: Error) => `rejected: ${error.message}`)

answerAsProgram<{ key: string; keys: string[]; value: string; calls: number; afterMs?: number }>(
  {
    report: () => cache.report(),
    get: ({ key }) => cache.get(key),
    made: () => made,
    /** Begins so many calls at once; their factory answers after so many ms, or at `finish`. */
    begin({ key, value, calls: many, afterMs }) {
      const factory = async () => {
        made++
        await answered(afterMs, value)
        return value
      }
      calls = Promise.all(Array.from({ length: many }, () => orRejected(cache.getOrSet(key, factory))))
    },
    /** The same for many keys at once; each key whose value is made here counts in `madeKeys`. */
    beginMany({ keys, value, calls: many, afterMs }) {
      const factory = async (missing: readonly string[]) => {
        made++
        madeKeys.push(...missing)
        await answered(afterMs, value)
        return missing.map(key => [key, `${key} of ${value}`] as [string, string])
      }
      const call = async () => [...(await cache.getOrSetMany(keys, factory)).values()].join(', ')
      calls = Promise.all(Array.from({ length: many }, () => orRejected(call())))
    },
    madeKeys: () => madeKeys,
    finish() {
      finish.resolve()
      finish = Promise.withResolvers()
    },
    /** What the calls begun last were answered, each answer once with how often. */
    async answers() {
      const answers: Record<string, number> = {}
      for (const answer of await calls) answers[String(answer)] = (answers[String(answer)] ?? 0) + 1
      return answers
    },
  },
  () => registry.close(),
)
