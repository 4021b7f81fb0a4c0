import type { Redis } from 'ioredis'
import type { RunningJobs } from '../running-jobs.ts'

/** How often a worker with jobs under way asks which of them were cancelled (ms): BullMQ's own cancelJob is for one process. */
const ASK_EVERY_MS = 500
/** For so long a request is kept for a worker that takes the job over from one that crashed (ms). */
const KEEP_MS = 3_600_000

/** Ids of jobs under way that are to end, of one queue. */
export const CANCELS = 'substation:cancels'

/**
 * Asks for the end of a job that is under way. KEYS: job, its lock, cancels, completed, failed. ARGV: id, how long the request is kept (ms).
 * Answers 1, 0 (it is not under way and can be removed), -1 (no such job) or -3 (it has ended).
 */
const CANCEL = `
if redis.call('EXISTS', KEYS[1]) == 0 then return -1 end
if redis.call('ZSCORE', KEYS[4], ARGV[1]) or redis.call('ZSCORE', KEYS[5], ARGV[1]) then return -3 end
if redis.call('EXISTS', KEYS[2]) == 0 then return 0 end
redis.call('HSET', KEYS[3], ARGV[1], 1)
redis.call('PEXPIRE', KEYS[3], ARGV[2])
return 1`

export async function requestCancel(redis: Redis, key: (part: string) => string, id: string): Promise<number> {
  const keys = [id, `${id}:lock`, CANCELS, 'completed', 'failed'].map(key)
  return Number(await redis.eval(CANCEL, keys.length, ...keys, id, KEEP_MS))
}

/** Ends the jobs of a worker that were cancelled, in whichever process that was asked for. */
export class CancelWatch {
  readonly #timer: NodeJS.Timeout
  /** A request that came while its job ended must not end it when it is replayed. */
  readonly #ended = new Set<string>()

  constructor({ redis, key, running }: { redis: Redis; key: string; running: RunningJobs }) {
    const look = async () => {
      if (running.size === 0 && this.#ended.size === 0) return
      const ended = [...this.#ended]
      const asked = Object.keys(await redis.hgetall(key))
      for (const id of ended) this.#ended.delete(id)
      for (const id of asked) running.cancel(id)
      const done = asked.filter(id => ended.includes(id))
      if (done.length > 0) await redis.hdel(key, ...done)
    }
    // While Redis is away it is asked again at the next turn.
    this.#timer = setInterval(() => void look().catch(() => undefined), ASK_EVERY_MS)
    this.#timer.unref()
  }

  ended(id: string): void {
    this.#ended.add(id)
  }

  close(): void {
    clearInterval(this.#timer)
  }
}
