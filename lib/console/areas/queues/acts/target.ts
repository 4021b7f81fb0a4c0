import { z } from 'zod'
import { type ActAddress, QueueError } from '../../../../infrastructure/queue/index.ts'
import type { ConsoleEnvironment } from '../../../platform/environment/port.ts'
import type { LaterAct } from '../../../platform/operation/define.ts'
import { name } from '../../../platform/operation/input.ts'
import { UnconfirmedError } from '../../../platform/operation/unconfirmed.ts'
import type { OperationTarget } from '../../../platform/operation/wire.ts'
import { reasonOf } from '../../../platform/part/reason.ts'
import { redactedText } from '../../../platform/redact.ts'
import { RefusalError } from '../../../platform/refusal.ts'
import { knownHow } from '../major.ts'
import type { WatchedQueue, WatchedServer } from '../port.ts'
import { Queues } from '../resource.ts'

/** Which queue: the name of its server, and `prefix:name` there. */
export const queueFields = {
  server: name(60).describe('its name in the queues view'),
  queue: name(600).describe('its prefix, a colon, its name: bull:mail'),
}
export const JobId = name(1_000)
export const JobIds = z.array(JobId).min(1).max(1_000)

export interface QueueTarget {
  server: WatchedServer
  /** For acts: with the major by whose rules they go. */
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
 * The named queue, as it is now. Refuses one that does not exist and one whose rules are not known; what all majors do the same way
 * (`anyMajor`) is allowed on a queue that does not name its own.
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
    message: `${named.queue} is read-only here. ${unknownBecause}`,
    nextStep:
      version === undefined ? 'Set its BullMQ version first (queue.set-major).' : 'Use the library that wrote it.',
  })
}

/** The named queue, as it is now, whichever BullMQ works on it. Refuses one that does not exist. */
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
      fields: { queue: 'does not exist' },
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

/** An act in one step: if Redis stops answering during it, it is not known whether it took effect. */
export async function acting<T>(server: WatchedServer, act: () => Promise<T>): Promise<T> {
  try {
    return await act()
  } catch (error) {
    if (error instanceof QueueError && error.code === 'QUEUE_UNREACHABLE')
      throw new UnconfirmedError(`${reasonOf(`Redis ${server.name}`, error)}`, { cause: error })
    throw refusalOf(server, error)
  } finally {
    // So that the next reading shows the effect.
    void server.read({ maxAge: 0 })
  }
}

/** An error of the queue library or of a lost Redis, as a refusal in plain words. */
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
    nextStep: 'Nothing was done. Check that this Redis answers, then try again.',
  })
}

/** A warning that the act goes by a major which the queue itself does not name. */
export function takenToBe({ queue: { writer } }: QueueTarget): string[] {
  const guessed = writer.by === 'siblings' || writer.by === 'operator'
  return guessed
    ? [`The act goes by the rules of BullMQ ${writer.major}, ${knownHow(writer)}: the queue itself names no version.`]
    : []
}

/** Why replayed or promoted jobs would not be worked on at once. */
export function holdUps(target: QueueTarget): string[] {
  const { queue } = target
  const warnings = takenToBe(target)
  if (queue.paused) warnings.push('The queue is paused: the jobs wait until it is resumed.')
  if (queue.workers.known && queue.workers.value.length === 0)
    warnings.push('No worker is connected: the jobs wait until one starts.')
  return warnings
}

/** A job as one line of a preview, redacted. */
export function sampleLine({ id, name, error }: { id: string; name: string; error: string }): string {
  const message = redactedText(error).split('\n')[0]?.slice(0, 160)
  return [`${name || 'a job'} ${id.slice(0, 80)}`, message].filter(Boolean).join(': ')
}
