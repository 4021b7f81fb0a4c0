import type { Redis } from 'ioredis'
import type { DeadChildren, QueueAddress } from '../../server-port.ts'
import { type Answer, answersOf } from './answers.ts'
import { readingsOfKey } from './job-key.ts'
import { baseOf } from './keys.ts'

/** Limits: parents examined (those that wait longest), children of each, and jobs of one generation. */
const PARENTS = 20
const CHILDREN = 30
const AT_ONCE = 600
/** Children may wait for children of their own. */
const GENERATIONS = 4

/** A job, and the parent in the queue that waits for it, directly or through others. */
interface Descendant {
  parent: string
  key: string
}

/** Which parents of a queue wait for a dead letter, and in which queue that is. Undefined when none of those examined does. */
export async function deadChildren(redis: Redis, queue: QueueAddress): Promise<DeadChildren | undefined> {
  const base = baseOf(queue)
  const waiting = await redis.zrange(`${base}waiting-children`, 0, PARENTS - 1)
  const parents = new Map<string, Set<string>>()
  let since = Number.POSITIVE_INFINITY
  let generation: Descendant[] = waiting.map(id => ({ parent: id, key: base + id }))
  for (let depth = 0; depth < GENERATIONS && generation.length > 0; depth++) {
    const children = await childrenOfAll(redis, generation)
    const { dead, waitingToo } = await sorted(redis, children)
    for (const { parent, queue: where, diedAt } of dead) {
      const known = parents.get(where) ?? new Set()
      parents.set(where, known.add(parent))
      since = Math.min(since, diedAt)
    }
    generation = waitingToo
  }
  if (parents.size === 0) return
  const blocked = new Set([...parents.values()].flatMap(ids => [...ids]))
  return {
    parents: blocked.size,
    examined: waiting.length,
    queues: [...parents].map(([key, ids]) => ({ key, parents: ids.size })).sort((a, b) => b.parents - a.parents),
    since,
  }
}

async function childrenOfAll(redis: Redis, jobs: readonly Descendant[]): Promise<Descendant[]> {
  const read = redis.pipeline()
  for (const { key } of jobs) read.srandmember(`${key}:dependencies`, CHILDREN)
  const answers = await answersOf(read)
  const children = jobs.flatMap(({ parent }, at) => {
    const [error, keys] = answers[at] as Answer
    return error ? [] : (keys as string[]).map(key => ({ parent, key }))
  })
  return children.slice(0, AT_ONCE)
}

/** Those that are dead letters, and those that wait for children of their own. */
async function sorted(redis: Redis, children: readonly Descendant[]) {
  const readings = children.flatMap(child => readingsOfKey(child.key).map(reading => ({ child, ...reading })))
  const dead: (Descendant & { queue: string; diedAt: number })[] = []
  const waitingToo: Descendant[] = []
  const read = redis.pipeline()
  for (const { base, id } of readings) {
    read.zscore(`${base}failed`, id)
    read.zscore(`${base}waiting-children`, id)
  }
  const answers = await answersOf(read)
  readings.forEach(({ child, base }, at) => {
    // An error means a key of another type, or on another node of a Cluster: not known to be a dead letter.
    const score = (offset: number) => {
      const [error, value] = answers[at * 2 + offset] as Answer
      return error ? null : value
    }
    const died = score(0)
    if (died !== null) dead.push({ ...child, queue: base.slice(0, -1), diedAt: Number(died) })
    else if (score(1) !== null) waitingToo.push(child)
  })
  return { dead, waitingToo }
}
