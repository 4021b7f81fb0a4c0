import type { Redis } from 'ioredis'
import { messageOf } from '../../../../core/errors.ts'
import type { QueueAddress, QueueReading, QueueServer } from '../../server-port.ts'
import { baseOf, writerOf } from './keys.ts'
import { READINGS } from './readings-script.ts'
import { script } from './script.ts'

/** Queues read in one step: about half a millisecond of Redis' time. */
const PIECE = 40
/** Dead letters of this time count as recent (ms). */
const LATELY = 600_000

const read = script<string>(READINGS)

/** The figures of queues, in their order; the cost per queue is that of reading a few lengths, whatever the number of jobs. */
export async function readings(
  redis: Redis,
  queues: readonly QueueAddress[],
  { ages = true }: Parameters<QueueServer['readings']>[1] = {},
): Promise<(QueueReading | undefined)[]> {
  const now = Date.now()
  const args = [now - LATELY, ages ? 1 : 0, now]
  const found = new Map<QueueAddress, QueueReading | undefined>()
  const take = async (group: readonly QueueAddress[]) => {
    const pieces: QueueAddress[][] = []
    for (let at = 0; at < group.length; at += PIECE) pieces.push(group.slice(at, at + PIECE))
    await Promise.all(
      pieces.map(async piece => {
        const lines = (await read(redis, piece.map(baseOf), args)).split('\n')
        for (const [at, queue] of piece.entries()) found.set(queue, toReading(queue, lines[at] as string))
      }),
    )
  }
  if (!clustered.has(redis)) {
    try {
      await take(queues)
    } catch (error) {
      if (!/CROSSSLOT/.test(messageOf(error))) throw error
      clustered.add(redis)
    }
  }
  if (clustered.has(redis)) await Promise.all(byTag(queues).map(take))
  return queues.map(queue => found.get(queue))
}

/** In a Redis Cluster a script may only use keys of one slot, which queues of one hash tag share. */
const clustered = new WeakSet<Redis>()

function byTag(queues: readonly QueueAddress[]): QueueAddress[][] {
  const groups = new Map<string, QueueAddress[]>()
  for (const queue of queues) {
    const base = baseOf(queue)
    const tag = /\{([^}]+)\}/.exec(base)?.[1] ?? base
    const group = groups.get(tag)
    if (group) group.push(queue)
    else groups.set(tag, [queue])
  }
  return [...groups.values()]
}

function toReading({ prefix, name }: QueueAddress, line: string): QueueReading | undefined {
  const [version, exists, traces, paused, concurrency, ...lengths] = line.split('\t')
  const [wait, inPaused, active, delayed, prioritized, children, completed, failed, repeat, ...rest] =
    lengths.map(number)
  const [due, newest, lately, oldest, oldestRecent, orphans] = rest
  if (exists !== '1' && !wait && !inPaused && !failed && !delayed && !active) return
  const reading: QueueReading = {
    prefix,
    name,
    writer: writerOf(version, traces),
    paused: paused === '1',
    counts: {},
    inPausedList: length(inPaused) ?? 0,
    ...(length(repeat) === undefined ? {} : { schedulers: repeat }),
  }
  const { counts } = reading
  const [inWait, besides] = [length(wait), length(inPaused)]
  if (inWait !== undefined && besides !== undefined) counts.waiting = inWait + besides
  if (length(active) !== undefined) counts.active = active
  if (length(delayed) !== undefined) counts.delayed = delayed
  if (length(prioritized) !== undefined) counts.prioritized = prioritized
  if (length(children) !== undefined) counts['waiting-children'] = children
  if (length(completed) !== undefined) counts.completed = completed
  if (length(failed) !== undefined) {
    counts.failed = failed
    if (lately !== undefined) reading.failedLately = lately
  }
  if (oldest !== undefined) reading.waitingSince = Math.min(oldest, Date.now())
  if (orphans) reading.orphans = orphans
  if (newest !== undefined) reading.lastFailedAt = newest
  if (oldestRecent !== undefined) reading.failingSince = oldestRecent
  // The low twelve bits of a delayed job's score only order jobs of the same time.
  if (due !== undefined) reading.nextDueAt = Math.floor(due / 4096)
  if (concurrency) reading.concurrency = Number(concurrency)
  return reading
}

const number = (text: string) => (text === '' ? undefined : Number(text))
/** A key of another type is reported as -1: the length is not known. */
const length = (value: number | undefined) => (value !== undefined && value >= 0 ? value : undefined)
