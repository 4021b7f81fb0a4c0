import type { Redis } from 'ioredis'
import { endsWithin } from '../give-up.ts'
import type { RunningJobs } from '../running-jobs.ts'

/** How often a worker with jobs under way asks which of them were cancelled (ms): BullMQ's own cancelJob is for one process. */
const ASK_EVERY_MS = 500
/** For so long a request is kept for a worker that takes the job over from one that crashed (ms). */
const KEEP_MS = 3_600_000

/** Jobs under way that are to end, of one queue: by id, when the attempt began that was under way (ms). */
export const CANCELS = 'substation:cancels'

/**
 * Asks for the end of a job that is under way. KEYS: job, its lock, cancels, completed, failed. ARGV: id, how long the request is kept (ms).
 * Answers 1, 0 (it is not under way and can be removed), -1 (no such job) or -3 (it has ended).
 */
const CANCEL = `
if redis.call('EXISTS', KEYS[1]) == 0 then return -1 end
if redis.call('ZSCORE', KEYS[4], ARGV[1]) or redis.call('ZSCORE', KEYS[5], ARGV[1]) then return -3 end
if redis.call('EXISTS', KEYS[2]) == 0 then return 0 end
redis.call('HSET', KEYS[3], ARGV[1], redis.call('HGET', KEYS[1], 'processedOn') or 0)
redis.call('PEXPIRE', KEYS[3], ARGV[2])
return 1`

export async function requestCancel(redis: Redis, key: (part: string) => string, id: string): Promise<number> {
  const keys = [id, `${id}:lock`, CANCELS, 'completed', 'failed'].map(key)
  return Number(await redis.eval(CANCEL, keys.length, ...keys, id, KEEP_MS))
}

/** Ends the jobs of a worker that were cancelled, in whichever process that was asked for. */
export class CancelWatch {
  readonly #redis: Redis
  readonly #key: string
  readonly #running: RunningJobs
  readonly #timer: NodeJS.Timeout
  /** Jobs that ended since the last look, and when their last attempt began (ms): a request for that one must not end them when they are replayed. */
  readonly #ended = new Map<string, number>()
  /** Requests that the last look found. */
  #asked: Record<string, string> = {}
  #looking: Promise<void> | undefined

  constructor({ redis, key, running }: { redis: Redis; key: string; running: RunningJobs }) {
    this.#redis = redis
    this.#key = key
    this.#running = running
    this.#timer = setInterval(() => this.#look(), ASK_EVERY_MS)
    this.#timer.unref()
  }

  /** For good: completed or a dead letter. */
  ended(id: string, processedOn: number): void {
    this.#ended.set(id, processedOn)
    if (Object.hasOwn(this.#asked, id)) void this.#look()
  }

  /** Once no job is under way here any more. */
  async close(): Promise<void> {
    clearInterval(this.#timer)
    const looked = Promise.resolve(this.#looking).then(() => this.#look())
    // No worker needs to wait for a Redis that is away.
    await endsWithin(looked, ASK_EVERY_MS)
  }

  /** One at a time, or they would pile up while Redis is away; what failed is asked again at the next turn. */
  #look(): Promise<void> {
    this.#looking ??= this.#endCancelled()
      .catch(() => undefined)
      .finally(() => {
        this.#looking = undefined
      })
    return this.#looking
  }

  async #endCancelled(): Promise<void> {
    if (this.#running.size === 0 && this.#ended.size === 0) return
    const ended = [...this.#ended]
    this.#asked = await this.#redis.hgetall(this.#key)
    const done: string[] = []
    for (const [id, processedOn] of Object.entries(this.#asked)) {
      if (Number(processedOn) <= (this.#ended.get(id) ?? -1)) done.push(id)
      else this.#running.cancel(id)
    }
    if (done.length > 0) await this.#redis.hdel(this.#key, ...done)
    for (const [id, processedOn] of ended) if (this.#ended.get(id) === processedOn) this.#ended.delete(id)
  }
}
