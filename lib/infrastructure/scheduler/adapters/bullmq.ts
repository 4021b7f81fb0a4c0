import { DelayedError, type Job, Queue, Worker } from 'bullmq'
import { Redis } from 'ioredis'
import { connectionCauseOf } from '../../../core/connection-cause.ts'
import { messageOf } from '../../../core/errors.ts'
import { LOADING_RETRY_MS } from '../../../core/redis-loading.ts'
import { withinTime } from '../../../core/time-limit.ts'
import type { KeptChange, ScheduleBackend, Tick } from '../backend.ts'
import { type SchedulePause, SchedulerError, type Timing } from '../port.ts'
import { timings } from './cron.ts'

export interface BullmqSchedulesConfig {
  queue: string
  prefix: string
  timeoutMs: number
  /** A process that has not shown for this long that it is alive counts as crashed (ms). */
  lockMs: number
  /** Runs at a time in this process. */
  concurrency: number
}

/** Before a tick that cannot run here or now is given again (ms). */
const LATER = 1_000
/** Stays with its id for this long (s), so that one that was enqueued twice runs once. */
const REMEMBERED = 86_400
/** KEYS: lease. ARGV: tick, ms. */
const CLAIM = `
local holder = redis.call('GET', KEYS[1])
if holder and holder ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1`
const RELEASE = `if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0`

/** BullMQ's own would skip or repeat a run on the days on which the clocks change. */
const STRATEGY = {
  repeatStrategy: (millis: number, { pattern = '', tz = 'UTC' }: { pattern?: string; tz?: string }) =>
    timings.nextAfter({ cron: pattern, timeZone: tz }, millis),
}

interface Payload {
  dueAt?: number
  trigger?: Tick['trigger']
  by?: string
}

/** Job schedulers of BullMQ: one queue for a service, in which each process has a worker. */
export function bullmqSchedules(
  from: { url: string } | { redis: Redis },
  config: BullmqSchedulesConfig,
): ScheduleBackend {
  const { prefix, timeoutMs, lockMs, concurrency } = config
  const own = 'url' in from
  const retryStrategy = (times: number) => Math.min(2_000, 50 * 2 ** Math.min(times, 6))
  const redis = own
    ? new Redis(from.url, {
        maxRetriesPerRequest: null,
        enableOfflineQueue: false,
        maxLoadingRetryTime: LOADING_RETRY_MS,
        retryStrategy,
      })
    : from.redis
  if (own) redis.on('error', () => undefined)
  const forWorker = redis.duplicate({
    maxRetriesPerRequest: null,
    enableOfflineQueue: true,
    retryStrategy,
    lazyConnect: true,
  })
  forWorker.on('error', () => undefined)
  const queue = new Queue<Payload>(config.queue, { connection: redis, prefix, settings: STRATEGY })
  queue.on('error', () => undefined)
  const closing = new AbortController()
  const leases = new Map<string, NodeJS.Timeout>()
  let worker: Worker<Payload> | undefined

  const stateKey = (name: string) => queue.toKey(`schedule-state:${name}`)
  const leaseKey = (name: string) => queue.toKey(`schedule-lease:${name}`)
  const onceId = (name: string, at: number | string) => `once-${name}-${at}`

  /** BullMQ waits for its connection without limit; here no call takes longer than the timeout. */
  async function run<T>(call: () => Promise<T>): Promise<T> {
    try {
      return await withinTime(queue.waitUntilReady().then(call), timeoutMs)
    } catch (error) {
      throw schedulerError(error)
    }
  }
  async function nextOf(name: string): Promise<number | undefined> {
    const score = await redis.zscore(queue.toKey('repeat'), name)
    if (score === null) return undefined
    // A removed job takes its scheduler's future with it: BullMQ adds the next one when it is taken.
    return (await redis.exists(queue.toKey(`repeat:${name}:${score}`))) === 1 ? Number(score) : undefined
  }
  async function isAsDeclared(name: string, timing: Timing): Promise<boolean> {
    if ('at' in timing) return (await redis.hget(stateKey(name), 'once')) === String(timing.at)
    if ((await nextOf(name)) === undefined) return false
    const there = await queue.getJobScheduler(name)
    if ('everyMs' in timing) return there?.every === timing.everyMs
    return there?.pattern === timing.cron && there.tz === (timing.timeZone ?? 'UTC')
  }
  async function removeOnce(name: string): Promise<boolean> {
    const at = await redis.hget(stateKey(name), 'once')
    if (at !== null) await queue.remove(onceId(name, at))
    return at !== null
  }

  return {
    shared: true,
    queue: `${prefix}:${config.queue}`,
    put: (name, timing) =>
      run(async () => {
        if (await isAsDeclared(name, timing)) return false
        await removeOnce(name)
        if ('at' in timing) {
          await queue.removeJobScheduler(name)
          await redis.hset(stateKey(name), 'once', timing.at)
          await queue.add(
            name,
            { dueAt: timing.at },
            { ...JOB, jobId: onceId(name, timing.at), delay: Math.max(0, timing.at - Date.now()) },
          )
          return true
        }
        await redis.hdel(stateKey(name), 'once')
        const repeat =
          'everyMs' in timing ? { every: timing.everyMs } : { pattern: timing.cron, tz: timing.timeZone ?? 'UTC' }
        await queue.upsertJobScheduler(name, repeat, { name, data: {}, opts: { ...JOB, removeOnComplete: true } })
        return true
      }),
    remove: name =>
      run(async () => {
        const removed = (await removeOnce(name)) || (await queue.removeJobScheduler(name))
        await redis.del(stateKey(name))
        return removed
      }),
    nextAt: name =>
      run(async () => {
        const once = await redis.hmget(stateKey(name), 'once', 'lastDueAt')
        if (once[0]) return Number(once[1] ?? 0) < Number(once[0]) ? Number(once[0]) : undefined
        return nextOf(name)
      }),
    enqueue: ({ id, name, ...payload }) =>
      run(async () => void (await queue.add(name, payload, { ...JOB, jobId: id }))),
    state: name =>
      run(async () => {
        const [last, paused, changed] = await redis.hmget(stateKey(name), 'lastDueAt', 'paused', 'changed')
        return {
          ...(last ? { lastDueAt: Number(last) } : {}),
          ...(paused ? { paused: JSON.parse(paused) as SchedulePause } : {}),
          ...(changed ? { changed: JSON.parse(changed) as KeptChange } : {}),
        }
      }),
    change: (name, { lastDueAt, paused, changed }) =>
      run(async () => {
        const write = redis.multi()
        for (const [field, value] of Object.entries({ lastDueAt, paused, changed }))
          if (value === null) write.hdel(stateKey(name), field)
          else if (value !== undefined)
            write.hset(stateKey(name), field, typeof value === 'number' ? value : JSON.stringify(value))
        await write.exec()
      }),
    claim: (name, tickId) =>
      run(async () => {
        const take = () => redis.eval(CLAIM, 1, leaseKey(name), tickId, lockMs)
        if ((await take()) !== 1) return false
        leases.set(
          tickId,
          setInterval(() => take().catch(() => undefined), lockMs / 3),
        )
        return true
      }),
    release: (name, tickId) =>
      run(async () => {
        clearInterval(leases.get(tickId))
        leases.delete(tickId)
        await redis.eval(RELEASE, 1, leaseKey(name), tickId)
      }),
    async start(handler) {
      const work = async (job: Job<Payload>, token?: string) => {
        if ((await handler(toTick(job), closing.signal)) === 'done') return
        await job.moveToDelayed(Date.now() + LATER, token)
        throw new DelayedError()
      }
      // A tick comes again after each crash: the scheduler decides whether it runs again.
      const stalled = { lockDuration: lockMs, stalledInterval: lockMs, maxStalledCount: 1_000 }
      worker = new Worker(config.queue, work, {
        connection: forWorker,
        prefix,
        concurrency,
        settings: STRATEGY,
        ...stalled,
      })
      worker.on('error', () => undefined)
    },
    async close(ms) {
      const stop = setTimeout(() => closing.abort(), ms)
      await worker?.close().catch(() => undefined)
      clearTimeout(stop)
      for (const lease of leases.values()) clearInterval(lease)
      await queue.close().catch(() => undefined)
      forWorker.disconnect()
      if (own) redis.disconnect()
    },
  }
}

/** What fails of a tick is not the work, whose errors are those of its run, but Redis: it is tried again. */
const JOB = { attempts: 100, backoff: { type: 'fixed', delay: 1_000 }, removeOnComplete: { age: REMEMBERED } }

function toTick(job: Job<Payload>): Tick {
  const { dueAt, trigger = 'schedule', by } = job.data
  const id = String(job.id)
  return {
    id,
    name: job.name,
    // The id of a scheduler's job ends with the time at which it is due.
    dueAt: dueAt ?? Number(id.slice(id.lastIndexOf(':') + 1)),
    trigger,
    attempt: job.stalledCounter + 1,
    ...(by === undefined ? {} : { by }),
  }
}

function schedulerError(error: unknown): SchedulerError {
  if (error instanceof SchedulerError) return error
  const cause = connectionCauseOf(error)
  if (cause)
    return new SchedulerError(`Redis ${cause.words}`, {
      code: 'SCHEDULER_UNREACHABLE',
      retryable: true,
      nextStep: cause.nextStep,
      cause: error,
    })
  return new SchedulerError(`BullMQ refused: ${messageOf(error)}`, { code: 'SCHEDULER_REFUSED', cause: error })
}
