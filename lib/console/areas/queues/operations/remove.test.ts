import { expect, test } from 'vitest'
import {
  act,
  begin,
  bury,
  console,
  environment,
  length,
  prefix,
  redis,
  refusalOf,
  where,
} from '../../../testing/foreign-queue.ts'
import { actorOf } from '../../../testing/open-test-console.ts'

test('removing asks an administrator for the name of the queue, and removes data and logs too', async () => {
  await begin(5)
  await bury(4)
  const input = { which: { by: 'all' }, reason: 'cannot be repaired' }
  expect(await refusalOf(act('queue.remove', input))).toMatchObject({ code: 'forbidden', needs: 'admin' })
  const request = { environment: environment(), operation: 'queue.remove', input: { ...where(), ...input } }
  const admin = actorOf('admin')
  const { token } = await console.runner.preview(admin, request)
  expect(await refusalOf(console.runner.run(admin, { ...request, token }))).toMatchObject({ code: 'confirmation' })
  expect(await act('queue.remove', input, admin)).toMatchObject({
    status: 'succeeded',
    summary: `Removed 4 jobs of ${prefix}:mail.`,
  })
  expect(await length('failed')).toBe(0)
  expect(await redis.keys(`${prefix}:mail:*:logs`)).toEqual([])
})
