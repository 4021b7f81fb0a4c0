import { Redis } from 'ioredis'
import { measure } from '../harness/program.ts'
import { measureOverviews, type OverviewInput } from './overviews.ts'

/** The minimum: seven lengths of every queue, in one script for all of them, however long it blocks Redis. */
const LENGTHS = `
local answers = {}
for i, base in ipairs(KEYS) do
  answers[i] = {
    redis.call('LLEN', base .. 'wait'), redis.call('LLEN', base .. 'active'), redis.call('ZCARD', base .. 'delayed'),
    redis.call('ZCARD', base .. 'prioritized'), redis.call('ZCARD', base .. 'waiting-children'),
    redis.call('ZCARD', base .. 'completed'), redis.call('ZCARD', base .. 'failed')
  }
end
return answers`

measure<OverviewInput>(async input => {
  const redis = new Redis(input.redisUrl)
  const sha = String(await redis.script('LOAD', LENGTHS))
  const found = await measureOverviews(
    input,
    async ({ prefix, names }) => names.map(name => `${prefix}:${name}:`),
    async bases => {
      const answers = (await redis.evalsha(sha, bases.length, ...bases)) as number[][]
      return answers.reduce((sum, lengths) => sum + lengths.reduce((total, length) => total + length, 0), 0)
    },
  )
  redis.disconnect()
  return found
})
