import { spawn } from 'node:child_process'
import { resolve } from 'node:path'
import { eq } from 'drizzle-orm'
import { expect, test, vi } from 'vitest'
import { operationItem } from '../../../../../drizzle/schema/index.ts'
import {
  begin,
  console,
  environment,
  length,
  prefix,
  program,
  redis,
  settings,
  takeOver,
  where,
} from '../../../testing/foreign-queue.ts'

const COUNT = 100_000
const FIELDS = {
  // As BullMQ leaves them, but written by Redis: a test has no time to let so many jobs fail.
  failed: [
    ['opts', '{"attempts":1}', 'delay', '0', 'priority', '0', 'atm', '1', 'ats', '1'],
    ['failedReason', 'mailbox full', 'stacktrace', '["Error: mailbox full"]'],
  ],
  delayed: [['opts', '{"attempts":1,"delay":7200000}', 'delay', '7200000', 'priority', '0']],
}

async function seed(set: keyof typeof FIELDS): Promise<string[]> {
  const base = `${prefix}:mail:`
  const first = await redis.incr(`${base}id`)
  const now = Date.now()
  const score = set === 'failed' ? now - 3_600_000 : (now + 3_600_000) * 4_096
  for (let at = first; at < first + COUNT; at += 10_000)
    await redis.eval(
      `for id = tonumber(ARGV[1]), tonumber(ARGV[1]) + 9999 do
        local key = string.format('%.0f', id)
        redis.call('HSET', KEYS[1] .. key, 'name', 'job', 'data', '{}', 'timestamp', ARGV[4], unpack(ARGV, 5))
        redis.call('ZADD', KEYS[1] .. ARGV[2], string.format('%.0f', ARGV[3] + id), key)
      end`,
      1,
      base,
      at,
      set,
      score,
      now - 3_600_000,
      ...FIELDS[set].flat(),
    )
  await redis.incrby(`${base}id`, COUNT)
  return Array.from({ length: COUNT }, (_, at) => String(first + at))
}

test.each([
  { operation: 'queue.replay', set: 'failed', did: 'Replayed' },
  { operation: 'queue.promote', set: 'delayed', did: 'Promoted' },
] as const)(
  'a console killed in the middle of a $operation of thousands: another continues, none is lost and none doubled',
  async ({ operation, set, did }) => {
    await begin(6)
    const ids = await seed(set)
    const child = spawn(
      process.execPath,
      ['--disable-warning=ExperimentalWarning', resolve('lib/console/testing/console-killed-at.ts')],
      { stdio: ['pipe', 'ignore', 'inherit'] },
    )
    // This console does not take the job from the one that will be killed.
    await console.close()
    const request = { environment: environment(), operation, input: { ...where(), which: { by: 'all' } } }
    child.stdin.end(JSON.stringify({ step: 'never', settings, request }))
    const died = new Promise(done => child.once('exit', (_code, signal) => done(signal)))
    await vi.waitFor(async () => expect(await length(set)).toBeLessThan(COUNT - 1_000), {
      timeout: 20_000,
      interval: 1,
    })
    child.kill('SIGKILL')
    expect(await died).toBe('SIGKILL')
    expect(await length(set)).toBeGreaterThan(1_000)

    const run = await takeOver()
    expect(run).toMatchObject({ status: 'succeeded', summary: `${did} 100,000 jobs of ${prefix}:mail.` })
    const ledger = await console.store.db
      .select()
      .from(operationItem)
      .where(eq(operationItem.runId, run?.id ?? ''))
    expect(ledger.map(item => item.status)).toEqual(Array(20).fill('done'))
    expect(ledger.map(item => item.key)).toEqual(expect.arrayContaining(['jobs 1 to 5,000', 'jobs 95,001 to 100,000']))
    // Each is once where its workers take it from, and nowhere else.
    expect(await length(set)).toBe(0)
    const waiting = await redis.lrange(`${prefix}:mail:wait`, 0, -1)
    expect(waiting.toSorted()).toEqual(ids.toSorted())
    // Those at the end of the list are worked on first, and BullMQ itself completes them.
    const started = waiting.slice(-2_000)
    await redis.ltrim(`${prefix}:mail:wait`, -2_000, -1)
    await program.ask('work', { concurrency: 100 })
    await vi.waitFor(async () => expect((await program.ask<string[]>('done')).length).toBe(2_000), {
      timeout: 30_000,
      interval: 200,
    })
    expect((await program.ask<string[]>('done')).toSorted()).toEqual(started.toSorted())
  },
  120_000,
)
