import { Redis } from 'ioredis'
import { fleetKeys, limits } from '../../lib/infrastructure/fleet/index.ts'
import { type SimulatedMember, simulatedMember } from './members.ts'

export interface SimulateOptions {
  redisUrl: string
  environment: string
  /** How many processes, spread evenly over the services. */
  processes: number
  services: number
  breakersEach: number
  /** Length of the names of services, instances and breakers; absent: the shortest possible. At most 300. */
  nameLength?: number
  /** Connections shared by the processes. Real processes have one each, which matters for the cost of Redis. Default: 1. */
  connections?: number
}

export interface SimulatedFleet {
  /** In the order of their names: `service-0-0`, `service-1-0`, … */
  readonly ids: readonly string[]
  /** One heartbeat of every process, spread over so many ms as in a real fleet; 0: as fast as possible. */
  beatAll(over?: number): Promise<void>
  /** Every process writes its breakers; the next heartbeats have the new revision. */
  writeAll(): Promise<void>
  /** Heartbeats of every process every two seconds, spread as in a real fleet; `busy` also writes the breakers each time. */
  start(options?: { busy?: boolean }): void
  pause(): Promise<void>
  /** They stop without saying so. */
  close(): Promise<void>
}

/**
 * A simulated fleet with real traffic: identities, heartbeats and details of any number of processes, written by the
 * library's own code. Resolves when all have registered and send heartbeats. It obeys no commands and answers none.
 */
export async function simulateFleet(options: SimulateOptions): Promise<SimulatedFleet> {
  const { redisUrl, environment, processes, services, breakersEach, nameLength } = options
  const connections = await Promise.all(
    Array.from({ length: options.connections ?? 1 }, () => connect(redisUrl, environment)),
  )
  const keys = fleetKeys(environment)
  const name = (short: string) => lengthened(short, nameLength)
  const breakers = Array.from({ length: breakersEach }, (_, index) => name(`dependency-${index}`))
  const members = Array.from({ length: processes }, (_, index) => {
    const service = `service-${index % services}`
    const instance = name(`${service}-${Math.floor(index / services)}`)
    const redis = connections[index % connections.length] as Redis
    return simulatedMember(redis, keys, { index, service: name(service), instance, breakers })
  })
  const everyone = (act: (member: SimulatedMember) => Promise<void>) => inTurns(members, act)
  let stop: (() => Promise<void>) | undefined

  const fleet: SimulatedFleet = {
    ids: members.map(member => member.id),
    beatAll: over => (over ? oneTurn(members, over) : everyone(member => member.beat())),
    writeAll: () => everyone(member => member.writeBreakers()),
    start({ busy = false } = {}) {
      stop ??= spread(members, async member => {
        if (busy) await member.writeBreakers()
        await member.beat()
      })
    },
    async pause() {
      await stop?.()
      stop = undefined
    },
    async close() {
      await fleet.pause()
      for (const redis of connections) redis.disconnect()
    },
  }
  await everyone(member => member.register())
  await fleet.writeAll()
  await fleet.beatAll()
  fleet.start()
  return fleet
}

async function connect(url: string, environment: string): Promise<Redis> {
  const redis = new Redis(url, { lazyConnect: true, connectionName: `simulated:${environment}` })
  redis.on('error', () => {})
  await redis.connect()
  return redis
}

/** A few hundred at a time, so that the details of the whole fleet are never in one buffer. */
async function inTurns(members: SimulatedMember[], act: (member: SimulatedMember) => Promise<void>): Promise<void> {
  for (let at = 0; at < members.length; at += 250) await Promise.all(members.slice(at, at + 250).map(act))
}

/** Every process acts once every two seconds, each at another moment. What Redis refuses is repeated with the next heartbeat. */
function spread(members: SimulatedMember[], act: (member: SimulatedMember) => Promise<void>): () => Promise<void> {
  const underWay = new Set<Promise<void>>()
  const stop = inTime(limits.BEAT_EVERY / members.length, members.length, turn => {
    const acting = act(members[turn % members.length] as SimulatedMember)
      .catch(() => {})
      .finally(() => underWay.delete(acting))
    underWay.add(acting)
  })
  return async () => {
    stop()
    await Promise.all(underWay)
  }
}

async function oneTurn(members: SimulatedMember[], over: number): Promise<void> {
  const acts: Promise<void>[] = []
  await new Promise<void>(resolve => {
    const stop = inTime(over / members.length, members.length, turn => {
      const member = members[turn]
      if (member) acts.push(member.beat())
      if (acts.length < members.length) return
      stop()
      resolve()
    })
  })
  await Promise.all(acts)
}

/** Calls with 0, 1, 2, … once every so many ms, several at a time when the timer is too coarse; at most `most` at once after a blocked event loop. */
function inTime(every: number, most: number, act: (turn: number) => void): () => void {
  const began = performance.now()
  let done = 0
  let skipped = 0
  const timer = setInterval(() => {
    const due = Math.floor((performance.now() - began) / every) - skipped
    // Missed heartbeats are not made up for: a real process would not do so either.
    skipped += Math.max(0, due - done - most)
    for (const until = Math.min(due, done + most); done < until; done++) act(done)
  }, 1)
  return () => clearInterval(timer)
}

/** The same name, padded in the middle, so that it is still distinguished by its end. */
function lengthened(short: string, length = short.length): string {
  const [first = short, ...rest] = short.split('-')
  const end = rest.join('-')
  return short.length >= length ? short : `${first}-${'x'.repeat(length - short.length - 1)}-${end}`
}
