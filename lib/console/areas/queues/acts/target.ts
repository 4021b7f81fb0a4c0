import { z } from 'zod'
import { type ActAddress, QueueError } from '../../../../infrastructure/queue/index.ts'
import type { ConsoleEnvironment } from '../../../platform/environment/port.ts'
import type { LaterAct } from '../../../platform/operation/define.ts'
import { name } from '../../../platform/operation/input.ts'
import { UnconfirmedError } from '../../../platform/operation/unconfirmed.ts'
import type { OperationTarget } from '../../../platform/operation/wire.ts'
import { reasonOf } from '../../../platform/part/reason.ts'
import { RefusalError } from '../../../platform/refusal.ts'
import { knownHow } from '../major.ts'
import type { WatchedQueue, WatchedServer } from '../port.ts'
import { redactedText } from '../redact.ts'
import { Queues } from '../resource.ts'

/** Which queue: the name of its server, and `prefix:name` there. */
export const queueFields = {
  server: name(60).describe('as the queues view names it'),
  queue: name(600).describe('its prefix, a colon, its name: bull:mail'),
}
export const JobId = name(1_000)
export const JobIds = z.array(JobId).min(1).max(1_000)

export interface QueueTarget {
  server: WatchedServer
  /** To act on: with the major that it is taken to be. */
  address: ActAddress
  queue: WatchedQueue
}

export const toTarget = ({ queue }: { queue: string }): OperationTarget => ({ kind: 'queue', name: queue })

/** Two servers may have queues of one name. */
export const isOn = (server: string, { input }: LaterAct) => (input as { server?: string }).server === server

interface Named {
  server: string
  queue: string
}

/**
 * The queue that is meant, as it is now. Refuses what is not there and what cannot be acted on by its rules; what all majors do alike
 * (`anyMajor`) may be done to a queue that does not name its own.
 */
export async function targetOf(
  environment: ConsoleEnvironment,
  named: Named,
  { anyMajor = false } = {},
): Promise<QueueTarget> {
  const target = await findQueue(environment, named)
  const { major, version, unknownBecause } = target.queue.writer
  if (major !== undefined || (anyMajor && version === undefined)) return target
  throw new RefusalError({
    code: 'conflict',
    message: `${named.queue} can only be looked at. ${unknownBecause}`,
    nextStep:
      version === undefined
        ? 'Say which BullMQ works on it (queue.set-major), then act on it.'
        : 'Act on it with the library that wrote it.',
  })
}

/** The queue that is meant, as it is now, whichever BullMQ works on it. Refuses what is not there. */
export async function findQueue(
  environment: ConsoleEnvironment,
  { server: serverName, queue: key }: Named,
): Promise<QueueTarget> {
  const server = environment.of(Queues).server(serverName)
  if (!server)
    throw new RefusalError({
      code: 'not_found',
      message: `No Redis called ${serverName} is watched in this environment.`,
      fields: {
        server: `must be one of ${environment
          .of(Queues)
          .servers.map(known => known.name)
          .join(', ')}`,
      },
    })
  const address = server.addressOf(key)
  const queue = await reading(server, () => server.find(key, { maxAge: 0 }))
  if (!address || !queue)
    throw new RefusalError({
      code: 'not_found',
      message: `There is no queue ${key} on ${serverName}.`,
      ...(server.prefixes
        ? { nextStep: `Only queues under the declared prefixes are shown: ${server.prefixes.join(', ')}.` }
        : {}),
      fields: { queue: 'is not there' },
    })
  const { major } = queue.writer
  return { server, address: { ...address, ...(major === undefined ? {} : { assumed: major }) }, queue }
}

/** A reading, or a refusal that says why there is none. */
export async function reading<T>(server: WatchedServer, read: () => Promise<T>): Promise<T> {
  try {
    return await read()
  } catch (error) {
    throw refusalOf(server, error)
  }
}

/** An act in one step: whether it took effect when Redis fell silent over it cannot be told. */
export async function acting<T>(server: WatchedServer, act: () => Promise<T>): Promise<T> {
  try {
    return await act()
  } catch (error) {
    if (error instanceof QueueError && error.code === 'QUEUE_UNREACHABLE')
      throw new UnconfirmedError(`${reasonOf(`Redis ${server.name}`, error)}`, { cause: error })
    throw refusalOf(server, error)
  } finally {
    // Whoever looks next sees what has become of it.
    void server.read({ maxAge: 0 })
  }
}

/** What the queue library or a lost Redis says, as a refusal in plain words. */
export function refusalOf(server: WatchedServer, error: unknown): unknown {
  if (error instanceof RefusalError) return error
  const known = error instanceof QueueError
  if (known && error.code !== 'QUEUE_UNREACHABLE')
    return new RefusalError({
      code: error.code === 'QUEUE_JOB_MISSING' ? 'not_found' : 'conflict',
      message: `${error.message}.`,
      nextStep: error.nextStep,
    })
  return new RefusalError({
    code: 'unavailable',
    message: `${reasonOf(`Redis ${server.name}`, error)}.`,
    nextStep: 'Nothing was done. Look whether that Redis answers, then try again.',
  })
}

/** That the act goes by a major which the queue itself leaves open. */
export function takenToBe({ queue: { writer } }: QueueTarget): string[] {
  const guessed = writer.by === 'siblings' || writer.by === 'operator'
  return guessed
    ? [`It goes by the rules of BullMQ ${writer.major}, ${knownHow(writer)}: the queue names no version itself.`]
    : []
}

/** Why jobs that are put back would not be worked on at once. */
export function holdUps(target: QueueTarget): string[] {
  const { queue } = target
  const warnings = takenToBe(target)
  if (queue.paused) warnings.push('The queue is paused: they wait until it is resumed.')
  if (queue.workers.known && queue.workers.value.length === 0)
    warnings.push('No worker is there: they wait until one comes.')
  return warnings
}

/** A job in a line of a preview, without what must not be seen. */
export function sampleLine({ id, name, error }: { id: string; name: string; error: string }): string {
  const said = redactedText(error).split('\n')[0]?.slice(0, 160)
  return [`${name || 'a job'} ${id.slice(0, 80)}`, said].filter(Boolean).join(': ')
}
