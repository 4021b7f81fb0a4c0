import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, test, vi } from 'vitest'
import { z } from 'zod'
import { actorOf } from '../../testing/open-test-console.ts'
import { accessOf } from '../access/roles.ts'
import { liveHub } from '../live/hub.ts'
import { defineView, type ViewContext } from './define.ts'
import { viewReader } from './read.ts'

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

const context = { environment: { name: 'shop' } } as ViewContext
const viewer = actorOf('viewer')

function counting(freshFor: number) {
  let readings = 0
  const view = defineView({
    id: 'test',
    title: 'Test',
    permission: 'fleet:read',
    topics: ['fleet'],
    filters: z.object({}),
    freshFor,
    read: async () => ({ reading: ++readings }),
  })
  return { view, readings: () => readings }
}

const access = accessOf({ 'fleet:read': 'viewer' })

test('one reading serves all who ask while it is fresh, until what it is made of changes', async () => {
  const hub = liveHub()
  const reader = viewReader(hub, access)
  const { view, readings } = counting(60_000)
  const ask = () => reader.read(view, context, viewer, {})
  const [first, second] = await Promise.all([ask(), ask()])
  expect(second.data).toBe(first.data)
  expect(readings()).toBe(1)
  hub.announce('other', ['fleet'])
  await ask()
  expect(readings()).toBe(1)
  hub.announce('shop', ['fleet'])
  expect((await ask()).data).not.toBe(first.data)
  expect(readings()).toBe(2)
})

test('a reading that is no longer fresh is not kept in memory', async () => {
  const reader = viewReader(liveHub(), access)
  const { view } = counting(20)
  const read = async () => new WeakRef((await reader.read(view, context, viewer, {})).data)
  const data = await read()
  await vi.waitFor(() => {
    collectGarbage()
    expect(data.deref() === undefined).toBe(true)
  })
})
