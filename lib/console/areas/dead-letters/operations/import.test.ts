import { expect, test, vi } from 'vitest'
import { operationRun } from '../../../../../drizzle/schema/index.ts'
import {
  begin,
  bury,
  console,
  environment,
  finished,
  length,
  operator,
  prefix,
  program,
  redis,
  refusalOf,
} from '../../../testing/foreign-queue.ts'
import { actorOf } from '../../../testing/open-test-console.ts'
import { askedExport, exportDeadLetters } from '../export.ts'
import { DeadLetters } from '../resource.ts'

const secret = 'sk_live_4eC39HqLyjWDarjtT1zdp7dc'

async function exported(actor = operator) {
  const own = console.environment(environment())
  if (!own) throw new Error('no environment')
  await vi.waitFor(async () => {
    await own.of(DeadLetters).server('main')?.refresh()
    const part = own.of(DeadLetters).server('main')?.peek()
    expect(part?.status === 'up' && part.data.queues.length).toBe(1)
  }, 10_000)
  const { selected, mayRead } = await askedExport(console.access, actor, own, { kinds: [], server: 'main' })
  return (await Array.fromAsync(exportDeadLetters(selected, mayRead))).join('')
}
const request = (lines: string) => ({
  environment: environment(),
  operation: 'dead-letters.import',
  input: { server: 'main', queue: `${prefix}:mail`, lines },
})

test('dead letters are exported, lost, and imported again; what a viewer exports has no secret and cannot be imported', async () => {
  await begin(6)
  const ids = await bury(70, `key ${secret} was refused`)
  const file = await exported()
  expect(file.trim().split('\n')).toHaveLength(70)
  expect(file).toContain(secret)
  const before = await redis.hgetall(`${prefix}:mail:${ids[3]}`)
  await redis.del(`${prefix}:mail:failed`, ...ids.map(id => `${prefix}:mail:${id}`))

  const asked = request(file)
  const { token, action } = await console.runner.preview(operator, asked)
  expect(action).toBe('Import 70 dead letters')
  const run = await finished(await console.runner.run(operator, { ...asked, token }))
  expect(run).toMatchObject({ status: 'succeeded', summary: `Imported 70 dead letters into ${prefix}:mail.` })
  expect(await length('failed')).toBe(70)
  expect(await redis.hgetall(`${prefix}:mail:${ids[3]}`)).toMatchObject(before)
  expect(await program.ask('stateOf', { id: ids[3] })).toBe('failed')
  // Nothing of the file is kept in the console.
  expect(JSON.stringify(await console.store.db.select().from(operationRun))).not.toContain(secret)

  const masked = await exported(actorOf('viewer'))
  expect(masked).not.toContain(secret)
  const lines = file.trim().split('\n')
  const mixed = [...lines.slice(0, 2), masked.split('\n')[0]].join('\n')
  expect(await refusalOf(console.runner.preview(operator, request(mixed)))).toMatchObject({
    code: 'invalid',
    fields: { lines: expect.stringMatching(/^line 3 was exported with what sounds secret hidden, in /) },
  })
}, 60_000)
