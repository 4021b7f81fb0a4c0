import type { Redis } from 'ioredis'
import { messageOf } from '../../../../core/errors.ts'
import { QueueError } from '../../port.ts'
import type { ActAddress, QueueAddress, QueueMajor, QueueServer } from '../../server-port.ts'
import { queueError } from '../bullmq-error.ts'
import { activity } from './activity.ts'
import { addJob, duplicate } from './add-job.ts'
import { applicable } from './by-ids.ts'
import { changeDelay } from './change-delay.ts'
import { changePriority } from './change-priority.ts'
import { clearNext, countCleared } from './clear.ts'
import { countJobs } from './count.ts'
import { deadChildren } from './dead-children.ts'
import { deadLetterReads } from './dead-letters.ts'
import { deduplications } from './deduplications.ts'
import { discard, restoreDiscarded } from './discard.ts'
import { family, removeFamily } from './family.ts'
import { find } from './find.ts'
import { history } from './history.ts'
import { importDeadLetters, keptDeadLetters } from './import.ts'
import { job } from './job.ts'
import { jobs } from './jobs.ts'
import { baseOf } from './keys.ts'
import { limits, setLimits } from './limits.ts'
import { obliterateNext } from './obliterate.ts'
import { pause, resume } from './pause.ts'
import { promoteChosen, promoteNext } from './promote.ts'
import { readings } from './readings.ts'
import { releaseChosen, releaseNext } from './release.ts'
import { releaseParent } from './release-parent.ts'
import { removeChosen, removeNext } from './remove.ts'
import { replayChosen, replayNext } from './replay.ts'
import { replayFates, replayKeeping, returnWaiting } from './replay-keeping.ts'
import { runNow } from './run-now.ts'
import { schedulers } from './schedulers.ts'
import { searchNext } from './search-jobs.ts'
import { OTHER_MAJOR } from './step.ts'
import { toDeadLetters } from './to-dead-letters.ts'
import { updateData } from './update-data.ts'
import { workers } from './workers.ts'

/** Every queue that BullMQ 4, 5 or 6 keeps in this Redis. The connection is the caller's, and stays open. */
export function bullmqServer(redis: Redis): QueueServer {
  /** The major whose rules an act must follow. Rejects when it is not known. */
  async function majorOf(queue: ActAddress): Promise<QueueMajor> {
    const [reading] = await readings(redis, [queue], { ages: false })
    if (!reading) throw new QueueError(`There is no queue ${queue.name}`, { code: 'QUEUE_JOB_MISSING' })
    const { major, version, unknownBecause } = reading.writer
    // The version in the queue, or certainty from its keys, takes precedence over what was assumed.
    const known = major ?? (version === undefined ? queue.assumed : undefined)
    if (known !== undefined) return known
    throw new QueueError(`The queue ${queue.name} is read-only here. ${unknownBecause}`, {
      code: 'QUEUE_OTHER_MAJOR',
      nextStep:
        version === undefined ? 'Set which major of BullMQ works on it.' : 'Operate it with the library that wrote it.',
    })
  }

  /** The rules of removing are the same in all majors, so any queue of BullMQ will do. */
  async function mustBeBullmq(queue: ActAddress): Promise<void> {
    const version = await redis.hget(`${baseOf(queue)}meta`, 'version')
    if (version !== null) await majorOf(queue)
  }

  /** An act of thousands of steps reads the major once; its script refuses when the queue has another version since. */
  const majors = new Map<string, { assumed?: QueueMajor | undefined; major: QueueMajor }>()
  async function withMajor<Answer>(queue: ActAddress, step: (major: QueueMajor) => Promise<Answer>): Promise<Answer> {
    const base = baseOf(queue)
    const known = majors.get(base)
    if (known !== undefined && known.assumed === queue.assumed) {
      try {
        return await step(known.major)
      } catch (error) {
        if (!messageOf(error).startsWith(OTHER_MAJOR)) throw error
        majors.delete(base)
      }
    }
    const major = await majorOf(queue)
    majors.set(base, { assumed: queue.assumed, major })
    return step(major)
  }

  const server: QueueServer = {
    find: options => find(redis, options),
    readings: (queues, options) => readings(redis, queues, options),
    workers: () => workers(redis),
    jobs: (queue, query) => jobs(redis, queue, query),
    searchNext: (queue, search) => searchNext(redis, queue, search),
    job: (queue, id, options) => job(redis, queue, id, options),
    deadChildren: queue => deadChildren(redis, queue),
    schedulers: (queue, limit) => schedulers(redis, queue, limit),
    activity: queues => activity(redis, queues),
    pause: async queue => pause(redis, queue, await majorOf(queue)),
    resume: async (queue, options) => resume(redis, queue, await majorOf(queue), options),
    count: (queue, act, filter, options) => countJobs(redis, queue, act, filter, options),
    applicable: (queue, act, ids) => applicable(redis, queue, act, ids),
    replayNext: (queue, run, filter) => withMajor(queue, major => replayNext(redis, queue, major, run, filter)),
    replayChosen: (queue, run, ids) => withMajor(queue, major => replayChosen(redis, queue, major, run, ids)),
    async removeChosen(queue, run, ids) {
      await mustBeBullmq(queue)
      return removeChosen(redis, queue, run, ids)
    },
    waitsFor: async (queue, id, child) => (await redis.sismember(`${baseOf(queue)}${id}:dependencies`, child)) === 1,
    family: (queue, id, options) => family(redis, queue, id, options),
    async removeFamily(queue, run, jobs) {
      await mustBeBullmq(queue)
      return removeFamily(redis, run, jobs)
    },
    releaseParent: (queue, parent, child) =>
      withMajor(queue, major => releaseParent(redis, queue, major, parent, child)),
    async removeNext(queue, run, filter) {
      await mustBeBullmq(queue)
      return removeNext(redis, queue, run, filter)
    },
    promoteNext: (queue, run, filter) => withMajor(queue, major => promoteNext(redis, queue, major, run, filter)),
    promoteChosen: (queue, run, ids) => withMajor(queue, major => promoteChosen(redis, queue, major, run, ids)),
    releaseNext: (queue, run, filter) => withMajor(queue, major => releaseNext(redis, queue, major, run, filter)),
    releaseChosen: (queue, run, ids) => withMajor(queue, major => releaseChosen(redis, queue, major, run, ids)),
    ...deduplications(redis),
    ...history(redis),
    ...deadLetterReads(redis),
    ...replayFates(redis),
    replayKeeping: (queue, run, ids, edits) =>
      withMajor(queue, major => replayKeeping(redis, queue, major, run, ids, edits)),
    returnWaiting: (queue, run, ids) => withMajor(queue, major => returnWaiting(redis, queue, major, run, ids)),
    async discard(queue, run, ids, keepMs) {
      await mustBeBullmq(queue)
      return discard(redis, queue, run, ids, keepMs)
    },
    restoreDiscarded: (queue, run, ids) => withMajor(queue, major => restoreDiscarded(redis, queue, major, run, ids)),
    keptDeadLetters: (queue, ids, maxBytes) => keptDeadLetters(redis, queue, ids, maxBytes),
    importDeadLetters: (queue, run, jobs) =>
      withMajor(queue, major => importDeadLetters(redis, queue, major, run, jobs)),
    limits: queue => limits(redis, queue),
    setLimits: (queue, wanted) => withMajor(queue, major => setLimits(redis, queue, major, wanted)),
    countCleared: (queue, clearance) => countCleared(redis, queue, clearance),
    async clearNext(queue, run, clearance) {
      await mustBeBullmq(queue)
      return clearNext(redis, queue, run, clearance)
    },
    async obliterateNext(queue, run) {
      await mustBeBullmq(queue)
      return obliterateNext(redis, queue, run)
    },
    updateData: (queue, id, data, replacedSha1) =>
      withMajor(queue, major => updateData(redis, queue, major, id, data, replacedSha1)),
    changePriority: (queue, id, priority) =>
      withMajor(queue, major => changePriority(redis, queue, major, id, priority)),
    changeDelay: (queue, id, delayMs) => withMajor(queue, major => changeDelay(redis, queue, major, id, delayMs)),
    runNow: (queue, id) => withMajor(queue, major => runNow(redis, queue, major, id)),
    toDeadLetters: (queue, id, reason) => withMajor(queue, major => toDeadLetters(redis, queue, major, id, reason)),
    addJob: (queue, job) => withMajor(queue, major => addJob(redis, queue, major, job)),
    duplicate: (queue, id) => withMajor(queue, major => duplicate(redis, queue, major, id)),
  }
  return translated(server)
}

/** The same methods, rejecting with the port's errors. */
function translated(server: QueueServer): QueueServer {
  const wrap =
    <Args extends unknown[], Answer>(call: (...args: Args) => Promise<Answer>) =>
    async (...args: Args) => {
      try {
        return await call(...args)
      } catch (error) {
        if (error instanceof Error && error.name === 'AbortError') throw error
        const denied = /NOPERM.*?'([\w|-]+)'/.exec(messageOf(error))?.[1]
        if (denied)
          throw new QueueError(`The account of this Redis may not call ${denied.replace('|', ' ').toUpperCase()}`, {
            code: 'QUEUE_DENIED',
            nextStep: `Grant +${denied} to it (ACL SETUSER).`,
            cause: error,
          })
        if (/script can't run this command|NOPERM/.test(messageOf(error)))
          throw new QueueError('The account of this Redis may not do this', {
            code: 'QUEUE_DENIED',
            nextStep:
              'Operating queues needs EVAL and the commands that write lists, sets, hashes and streams (ACL SETUSER … +@write +@scripting).',
            cause: error,
          })
        const [first] = args
        throw queueError(isAddress(first) ? first.name : 'of this Redis', error)
      }
    }
  return Object.fromEntries(Object.entries(server).map(([name, call]) => [name, wrap(call)])) as unknown as QueueServer
}

function isAddress(value: unknown): value is QueueAddress {
  return typeof value === 'object' && value !== null && 'prefix' in value && 'name' in value
}
