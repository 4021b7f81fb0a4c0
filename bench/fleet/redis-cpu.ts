import type { Redis } from 'ioredis'

/** Share of one core, in percent, that Redis used over so many ms: user and system time as Redis reports it. */
export async function redisCpu(redis: Redis, ms: number): Promise<number> {
  const began = performance.now()
  const before = await secondsUsed(redis)
  await new Promise(resolve => setTimeout(resolve, ms))
  const used = (await secondsUsed(redis)) - before
  return (used / ((performance.now() - began) / 1000)) * 100
}

async function secondsUsed(redis: Redis): Promise<number> {
  const info = await redis.info('cpu')
  const read = (field: string) => {
    const found = new RegExp(`^${field}:([\\d.]+)`, 'm').exec(info)?.[1]
    if (found === undefined) throw new Error(`Redis does not report ${field}`)
    return Number(found)
  }
  return read('used_cpu_user') + read('used_cpu_sys')
}
