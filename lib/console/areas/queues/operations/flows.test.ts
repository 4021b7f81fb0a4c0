import { expect, test, vi } from 'vitest'
import {
  act,
  begin,
  console,
  environment,
  prefix,
  program,
  redis,
  refusalOf,
  where,
} from '../../../testing/foreign-queue.ts'
import { actorOf } from '../../../testing/open-test-console.ts'

const key = () => `${prefix}:mail`
const admin = actorOf('admin')

/** A parent that waits for a dead child and a delayed one, all in one queue. */
async function stuckFlow() {
  await begin(6)
  const added = await program.ask<{ parent: string; children: [string, string] }>('flow', {
    children: [
      { name: 'broken', data: { fail: 'no' } },
      { name: 'later', data: {}, opts: { delay: 600_000 } },
    ],
  })
  await program.ask('work')
  await vi.waitFor(async () => expect(await redis.zcard(`${key()}:failed`)).toBe(1), 10_000)
  await program.ask('rest')
  return added
}

test('a job continues without its dead child, which the preview names with those it still waits for', async () => {
  const { parent, children } = await stuckFlow()
  const input = { job: parent, child: `${key()}:${children[0]}` }
  const preview = await console.runner.preview(actorOf('operator'), {
    environment: environment(),
    operation: 'queue.release-parent',
    input: { ...where(), ...input },
  })
  expect(preview.summary).toBe(`parent ${parent} no longer waits for ${input.child}; it still waits for 1 other.`)
  expect(await act('queue.release-parent', input)).toMatchObject({ status: 'succeeded' })
  expect(await refusalOf(act('queue.release-parent', input))).toMatchObject({ code: 'conflict' })
  await act('queue.release-parent', { job: parent, child: `${key()}:${children[1]}` })
  expect(await redis.lrange(`${key()}:wait`, 0, -1)).toEqual([parent])
})

test('a flow is removed by an administrator as a whole, not while one of its jobs is being worked on', async () => {
  const { parent, children } = await stuckFlow()
  const input = { job: children[0], reason: 'cannot be repaired' }
  expect(await refusalOf(act('queue.remove-family', input))).toMatchObject({ code: 'forbidden', needs: 'admin' })
  const lock = `${key()}:${children[1]}:lock`
  await redis.set(lock, 'token')
  expect(await refusalOf(act('queue.remove-family', input, admin))).toMatchObject({
    code: 'conflict',
    message: `1 job of the flow is being worked on: ${children[1]}. Nothing was removed.`,
  })
  await redis.del(lock)
  expect(await act('queue.remove-family', input, admin)).toMatchObject({
    status: 'succeeded',
    summary: `Removed 3 jobs of the flow of ${children[0]}.`,
  })
  expect(await redis.exists(...[parent, ...children].map(id => `${key()}:${id}`))).toBe(0)
  expect(await redis.zcard(`${key()}:waiting-children`)).toBe(0)
})
