import { expect, test, vi } from 'vitest'
import { newId } from '../../core/ids.ts'
import { a, environment, console as substation } from '../testing/two-checkouts.ts'
import type { FleetProcess, ProcessState, StoredEvent } from './port.ts'
import { processEvents } from './process-events.ts'
import { Events } from './resources.ts'

const seen = (id: string, state: ProcessState, lastBeatAt: number) =>
  ({ id, state, service: 'shop', instance: 'shop-1', lastBeatAt }) as FleetProcess

test('a loss is one event in every console that sees it, and its return another', () => {
  const id = newId()
  const consoles = [0, 1].map(() => {
    const events: Omit<StoredEvent, 'v'>[] = []
    return { events, see: processEvents(event => void events.push(event)) }
  })
  for (const { see } of consoles) {
    see(seen(id, 'up', 1_000), undefined)
    see(seen(id, 'late', 1_000), 'up')
    see(seen(id, 'lost', 1_000), 'late')
    see(seen(id, 'up', 60_000), 'lost')
  }
  const ids = consoles.map(({ events }) => events.map(({ kind, streamId }) => [kind, streamId]))
  expect(ids[0]).toEqual(ids[1])
  expect(ids[0]?.map(([kind]) => kind)).toEqual(['process.lost', 'process.back'])
})

test('a process that stopped, and one that was replaced long ago, are no new losses', () => {
  const events: unknown[] = []
  const see = processEvents(event => void events.push(event))
  see(seen(newId(), 'left', 1_000), 'up')
  see(seen(newId(), 'replaced', 1_000), undefined)
  expect(events).toEqual([])
})

test('a loss is in the event log, and the stream is not read again from its beginning for it', async () => {
  const events = substation.environment(environment())?.of(Events)
  const kinds = async () =>
    (await events?.recent(50))?.filter(({ process }) => process === a.member.id).map(({ kind }) => kind)
  await vi.waitFor(async () => expect(await kinds()).toContain('process.registered'))
  const before = await events?.cursor()
  const at = Date.now()
  await events?.add([
    {
      streamId: `${at}-lost-${a.member.id}`,
      at,
      kind: 'process.lost',
      process: a.member.id,
      service: 'checkout',
      instance: 'checkout-1',
      data: {},
    },
  ])
  await vi.waitFor(async () => expect(await kinds()).toContain('process.lost'))
  // Other events may have arrived since; the cursor never decreases.
  expect(((await events?.cursor()) ?? '') >= (before ?? 'none')).toBe(true)
})
