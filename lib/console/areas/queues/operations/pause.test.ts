import { describe, expect, test, vi } from 'vitest'
import type { QueueMajor } from '../../../../infrastructure/queue/index.ts'
import {
  act,
  begin,
  console,
  environment,
  finished,
  look,
  operator,
  prefix,
  refusalOf,
  station,
} from '../../../testing/somebodys-queue.ts'

describe.each<QueueMajor>([4, 5, 6])('a queue of BullMQ %i', major => {
  test('paused and resumed by acts, and each undone, while a producer runs: every job is done once', async () => {
    await begin(major)
    await station.ask('work', { concurrency: 5 })
    await station.ask('startProducing')
    const paused = await act('queue.pause', {})
    expect(paused).toMatchObject({ status: 'succeeded', summary: `Paused ${prefix}:mail.` })
    expect(await station.ask('isPaused')).toBe(true)
    expect((await look('waiting')).row).toMatchObject({ state: 'paused', paused: true, major, troubles: ['paused'] })
    expect((await refusalOf(act('queue.pause', {}))).message).toContain('paused already')
    await finished(await console.runner.undo(operator, environment(), paused.id))
    expect(await station.ask('isPaused')).toBe(false)
    const again = await act('queue.pause', {})
    const resumed = await act('queue.resume', {})
    // What has been resumed since is not offered to be resumed by an undo.
    expect((await console.runner.find(operator, environment(), again.id)).undo).toBeUndefined()
    await finished(await console.runner.undo(operator, environment(), resumed.id))
    expect(await station.ask('isPaused')).toBe(true)
    await act('queue.resume', {})
    const added = await station.ask<string[]>('stopProducing')
    await vi.waitFor(async () => expect((await station.ask<string[]>('done')).length).toBe(added.length), 15_000)
    expect((await station.ask<string[]>('done')).toSorted()).toEqual(added.toSorted())
  }, 60_000)
})
