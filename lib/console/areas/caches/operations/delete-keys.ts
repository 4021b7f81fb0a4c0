import { z } from 'zod'
import type { Keyspace } from '../../../../infrastructure/cache/index.ts'
import { counted } from '../../../platform/counted.ts'
import type { ConsoleEnvironment } from '../../../platform/environment/port.ts'
import { describeAffected } from '../../../platform/operation/affected.ts'
import { defineOperation } from '../../../platform/operation/define.ts'
import { Glob, Name, Reason } from '../../../platform/operation/input.ts'
import { reasonOf } from '../../../platform/part/reason.ts'
import { RefusalError } from '../../../platform/refusal.ts'
import { countWithin } from '../count-within.ts'
import { refuseOutOfReach } from '../reach.ts'
import { Caches } from '../resource.ts'

const SAMPLE = 10

export const deleteKeys = defineOperation({
  id: 'cache.delete-keys',
  title: 'Delete keys by prefix',
  description:
    'Removes the keys of a Redis that match a pattern, whichever program made them. Copies in the memory of processes stay.',
  permission: 'cache:delete-keys',
  targetKind: 'redis',
  place: 'caches?keys=',
  input: z.strictObject({ server: Name, pattern: Glob, reason: Reason }),
  risk: 'grave',
  reason: 'required',
  durable: true,
  resumable: true,
  about: ({ pattern }) => pattern,
  target: ({ server }) => ({ kind: 'redis', name: server }),

  async preview({ environment }, { server, pattern }) {
    const keyspace = await reach(environment, server, pattern)
    const walked = await countWithin(signal => keyspace.count(pattern, { signal, sample: SAMPLE }))
    const { types, ...found } = { types: {}, ...walked }
    const affected = { ...found, noun: found.count === 1 ? 'key' : 'keys' }
    const amount = describeAffected(affected)
    const others = Object.keys(types).filter(type => type !== 'string')
    return {
      summary: `${amount} matching ${pattern} will be removed from ${server} for good.`,
      action: `Delete ${amount}`,
      affected,
      warnings: [
        ...(others.length > 0 ? [`Among them are keys of type ${others.join(', ')}: they may not be a cache.`] : []),
        'Copies in the memory of processes stay there.',
      ],
    }
  },

  async run({ environment }, { server, pattern }, { signal, progress, item, prior }) {
    const keyspace = await reach(environment, server, pattern)
    let deleted = 0
    // How many keys an earlier worker had removed is not known.
    const more = prior.size > 0 ? 'more, after an interruption, ' : ''
    await item(pattern, 'pending', 'Removing.')
    try {
      await keyspace.unlink(pattern, {
        signal,
        onProgress(so) {
          deleted = so
          progress({ done: so, note: `${counted(so, 'key')} removed` })
        },
      })
    } catch (error) {
      await item(pattern, 'failed', `${counted(deleted, 'key')} removed.`)
      if (signal.aborted)
        return { status: 'aborted', summary: `Aborted after ${counted(deleted, 'key')} of ${server} had been removed.` }
      if (deleted === 0) throw error
      return {
        status: 'partial',
        summary: `${reasonOf(`Redis ${server}`, error)}, after ${counted(deleted, 'key')} had been removed. The others are still there.`,
      }
    }
    await item(pattern, 'done', `${counted(deleted, 'key')} removed.`)
    return {
      status: 'succeeded',
      summary: `Removed ${counted(deleted, 'key')} ${more}of ${server}.`,
      result: { deleted },
    }
  },
})

async function reach(environment: ConsoleEnvironment, server: string, pattern: string): Promise<Keyspace> {
  const keyspace = await environment.of(Caches).keyspace(server)
  if (!keyspace)
    throw new RefusalError({
      code: 'not_found',
      message: `No watched Redis is called ${server}.`,
      fields: { server: 'is not watched in this environment' },
    })
  await refuseOutOfReach(environment, server, pattern)
  return keyspace
}
