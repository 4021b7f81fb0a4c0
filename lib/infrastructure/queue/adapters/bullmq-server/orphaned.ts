import type { Redis } from 'ioredis'
import { script } from './script.ts'

/** KEYS: base. ARGV: ids. Answers those that are active without a lock; in one step, since a job that ends loses both. */
const ORPHANED = `
local found = {}
for _, id in ipairs(ARGV) do
  if redis.call('EXISTS', KEYS[1] .. id .. ':lock') == 0 and redis.call('LPOS', KEYS[1] .. 'active', id) then found[#found + 1] = id end
end
return found`

const orphanedOf = script<string[]>(ORPHANED)

/** Of these jobs those that are active though no worker has a lock on them: it has stopped, or is blocked. */
export async function orphaned(redis: Redis, base: string, ids: readonly string[]): Promise<ReadonlySet<string>> {
  return new Set(ids.length === 0 ? [] : await orphanedOf(redis, [base], ids))
}
