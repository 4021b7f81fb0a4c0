import { createKeyValue } from '../kv/index.ts'
import { answerAsProgram } from './program.ts'

/** A service in a process of its own that uses a key-value store, for races and for processes that are killed. */
const [url = '', namespace = ''] = process.argv.slice(2)
const kv = await createKeyValue({ url, namespace })

answerAsProgram<{ name: string; count: number; ttlMs: number }>(
  {
    /** The keys of `name:0`, `name:1`, … that this process was the first to set. */
    async claim({ name, count }) {
      const won = await Promise.all(
        Array.from({ length: count }, (_, n) => kv.set(`${name}:${n}`, process.pid, { ifAbsent: true })),
      )
      return won.flatMap((version, n) => (version === undefined ? [] : [n]))
    },
    /** Reads, adds and writes under the lock, so that a second holder at the same time would lose an increment. */
    async addUnderLock({ name, count }) {
      const fences: number[] = []
      for (let n = 0; n < count; n++) {
        const lock = await kv.lock(name, { ttlMs: 20_000, waitMs: 20_000 })
        await kv.set(name, ((await kv.get<number>(name)) ?? 0) + 1)
        fences.push(lock.fence)
        await lock.release()
      }
      return fences
    },
    async hold({ name, ttlMs }) {
      return (await kv.lock(name, { ttlMs })).fence
    },
  },
  () => kv.close(),
)
