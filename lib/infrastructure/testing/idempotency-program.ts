import { Redis } from 'ioredis'
import postgres from 'postgres'
import { createIdempotency, type WorkContext } from '../idempotency/index.ts'
import { answerAsProgram } from './program.ts'

/** A service in a process of its own whose work has an effect outside: a list in Redis, or rows of the table `effect` in Postgres. */
const [url = '', namespace = '', redisUrl = ''] = process.argv.slice(2)
const sql = postgres(url.startsWith('postgres') ? url : 'postgres://unused', { onnotice: () => {} })
const redis = new Redis(redisUrl)
const runs = await createIdempotency({ url, namespace })
const transactions = await createIdempotency({ namespace }, { sql })

const effect = (key: string, fence: number) => redis.rpush(`${namespace}:effect:${key}`, fence)
const never = () => new Promise<never>(() => {})

answerAsProgram<{ key: string; count: number; leaseMs: number; onCrash: 'fail' | 'retry' }>(
  {
    /** Runs the keys `key:0`, `key:1`, …, all at once; their results. */
    race: ({ key, count }) =>
      Promise.all(
        Array.from({ length: count }, (_, n) =>
          runs.run(`${key}:${n}`, { waitMs: 30_000 }, async ({ fence }: WorkContext) => {
            await effect(`${key}:${n}`, fence)
            return fence
          }),
        ),
      ),
    raceInTransactions: ({ key, count }) =>
      Promise.all(
        Array.from({ length: count }, (_, n) =>
          transactions.runInTransaction(sql, `${key}:${n}`, { waitMs: 30_000 }, async ({ sql: transaction, fence }) => {
            await transaction`insert into effect (key, fence) values (${`${key}:${n}`}, ${fence})`
            return fence
          }),
        ),
      ),
    /** Has its effect, answers, and never returns from the work. */
    hang: ({ key, leaseMs, onCrash }) =>
      new Promise((resolve, reject) => {
        runs
          .run(key, { leaseMs, onCrash }, async ({ fence }) => {
            await effect(key, fence)
            resolve(fence)
            return never()
          })
          .catch(reject)
      }),
    hangInTransaction: ({ key }) =>
      new Promise((resolve, reject) => {
        transactions
          .runInTransaction(sql, key, {}, async ({ sql: transaction, fence }) => {
            await transaction`insert into effect (key, fence) values (${key}, ${fence})`
            resolve(fence)
            return never()
          })
          .catch(reject)
      }),
  },
  async () => {
    await Promise.all([runs.close(), transactions.close(), sql.end()])
    redis.disconnect()
  },
)
