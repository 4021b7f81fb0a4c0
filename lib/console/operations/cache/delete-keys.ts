import { z } from 'zod'
import type { Keyspace } from '../../../infrastructure/cache/index.ts'
import { refuseOutOfReach } from '../../caches/reach.ts'
import type { ConsoleEnvironment } from '../../environments/port.ts'
import { reasonOf } from '../../parts.ts'
import { RefusalError } from '../../refusal.ts'
import { defineOperation } from '../define.ts'
import { Glob, Name, Reason } from '../input.ts'

const COUNT_FOR = 2_500
const SAMPLE = 10

export const deleteKeys = defineOperation({
  id: 'cache.delete-keys',
  title: 'Delete keys by prefix',
  description:
    'Removes the keys of a Redis that match a pattern, whoever made them. The memory of the processes that use them is not reached.',
  permission: 'cache:delete-keys',
  targetKind: 'redis',
  input: z.strictObject({ server: Name, pattern: Glob, reason: Reason }),
  risk: 'grave',
  reason: 'required',
  durable: true,
  resumable: true,
  target: ({ server }) => ({ kind: 'redis', name: server }),

  async preview({ environment }, { server, pattern }) {
    const keyspace = await reach(environment, server, pattern)
    const counted = await keyspace
      .count(pattern, { signal: AbortSignal.timeout(COUNT_FOR), sample: SAMPLE })
      .catch(error => {
        if ((error as Error).name !== 'TimeoutError') throw error
        return { precision: 'unknown' as const, sample: [], types: {}, count: undefined }
      })
    const { types, ...affected } = counted
    const noun = affected.count === 1 ? 'key' : 'keys'
    const amount =
      affected.count === undefined
        ? 'an unknown number of keys'
        : `${affected.precision === 'sampled' ? 'about ' : ''}${affected.count.toLocaleString('en')} ${noun}`
    const others = Object.keys(types).filter(type => type !== 'string')
    return {
      summary: `${amount} matching ${pattern} ${affected.count === 1 ? 'is' : 'are'} removed from ${server}, for good.`,
      action: `Delete ${amount}`,
      affected: { ...affected, noun },
      warnings: [
        ...(others.length > 0 ? [`Among them are keys of type ${others.join(', ')}: they may be no cache.`] : []),
        'What processes hold of them in their own memory stays there.',
      ],
    }
  },

  async run({ environment }, { server, pattern }, { signal, progress, item, prior }) {
    const keyspace = await reach(environment, server, pattern)
    let deleted = 0
    // How many a worker before this one had removed, nobody knows: they are gone.
    const more = prior.size > 0 ? 'more, after an interruption, ' : ''
    await item(pattern, 'pending', 'Removing.')
    try {
      await keyspace.unlink(pattern, {
        signal,
        onProgress(so) {
          deleted = so
          progress({ done: so, note: `${so.toLocaleString('en')} keys removed` })
        },
      })
    } catch (error) {
      await item(pattern, 'failed', `${told(deleted)} removed.`)
      if (signal.aborted)
        return { status: 'aborted', summary: `Aborted after ${told(deleted)} of ${server} had been removed.` }
      if (deleted === 0) throw error
      return {
        status: 'partial',
        summary: `${reasonOf(`Redis ${server}`, error)}, after ${told(deleted)} had been removed. The others are still there.`,
      }
    }
    await item(pattern, 'done', `${told(deleted)} removed.`)
    return { status: 'succeeded', summary: `Removed ${told(deleted)} ${more}of ${server}.`, result: { deleted } }
  },
})

const told = (count: number) => `${count.toLocaleString('en')} ${count === 1 ? 'key' : 'keys'}`

async function reach(environment: ConsoleEnvironment, server: string, pattern: string): Promise<Keyspace> {
  const keyspace = await environment.caches.keyspace(server)
  if (!keyspace)
    throw new RefusalError({
      code: 'not_found',
      message: `No watched Redis is called ${server}.`,
      fields: { server: 'is not known in this environment' },
    })
  await refuseOutOfReach(environment, server, pattern)
  return keyspace
}
