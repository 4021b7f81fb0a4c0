import type { Redis } from 'ioredis'
import { figure, parseInfo } from './info.ts'
import { permitted } from './reading.ts'

/** Why a Redis that answers refuses writes, as the end of a sentence; undefined where it accepts them, or where the account may not ask. */
export async function writesRefused(redis: Redis): Promise<string | undefined> {
  const { allowed, answer } = await permitted(redis, 'INFO', ['everything'])
  if (!allowed) return undefined
  const info = parseInfo(String(answer))
  const used = figure(info, 'used_memory') ?? 0
  const limit = figure(info, 'maxmemory') ?? 0
  if (limit > 0 && used >= limit && info.maxmemory_policy === 'noeviction')
    return `its memory is full (maxmemory ${(limit / 2 ** 20).toFixed(1)} MiB)`
  if (info.aof_enabled === '1' && info.aof_last_write_status === 'err') return 'it cannot write its append-only file'
  if (info.role === 'slave') return 'it is a read-only replica'
  return undefined
}
