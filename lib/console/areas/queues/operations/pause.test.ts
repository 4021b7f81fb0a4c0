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
  program,
  refusalOf,
} from '../../../testing/foreign-queue.ts'

describe.each<QueueMajor>([4, 5, 6])('a queue of BullMQ %i', major => {
  test('paused and resumed by acts, and each undone, while a producer runs: every job is completed once', async () => {
    await begin(major)
    await program.ask('work', { concurrency: 5 })
    await program.ask('startProducing')
    const paused = await act('queue.pause', {})
    expect(paused).toMatchObject({ status: 'succeeded', summary: `Paused ${prefix}:mail.` })
    expect(await program.ask('isPaused')).toBe(true)
    expect((await look('waiting')).row).toMatchObject({ state: 'paused', paused: true, major, troubles: ['paused'] })
    expect((await refusalOf(act('queue.pause', {}))).message).toContain('already paused')
    await finished(await console.runner.undo(operator, environment(), paused.id))
    expect(await program.ask('isPaused')).toBe(false)
    const again = await act('queue.pause', {})
    const resumed = await act('queue.resume', {})
    // A queue that was resumed since cannot be resumed by an undo.
    expect((await console.runner.find(operator, environment(), again.id)).undo).toBeUndefined()
    await finished(await console.runner.undo(operator, environment(), resumed.id))
    expect(await program.ask('isPaused')).toBe(true)
    await act('queue.resume', {})
    const added = await program.ask<string[]>('stopProducing')
    await vi.waitFor(async () => expect((await program.ask<string[]>('done')).length).toBe(added.length), 15_000)
    expect((await program.ask<string[]>('done')).toSorted()).toEqual(added.toSorted())
  }, 60_000)
})
