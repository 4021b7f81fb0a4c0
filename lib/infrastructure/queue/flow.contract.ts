import { expect, test, vi } from 'vitest'
import type { Setting } from './contract-setting.ts'
import { defineJob } from './job-type.ts'
import type { Job } from './port.ts'

/** What every adapter guarantees for jobs that wait for others. */
export function flowContract({ queue, queues, settled, work }: Setting): void {
  const parts = () => `${queue().name}-parts`
  const failing = (job: Job) => {
    if (job.data === 'bad') throw new Error('no luck')
    return { did: job.data }
  }
  const child = (data: string, more = {}) => ({ queue: parts(), name: 'part', data, ...more })

  test('a parent begins after its children, over several levels and queues, with their results', async () => {
    const seen: unknown[] = []
    const flow = await queues().addFlow({
      queue: queue().name,
      name: 'whole',
      data: 'parent',
      options: { id: 'whole-1', priority: 3 },
      children: [child('a', { children: [child('a1')] }), child('b', { options: { id: 'b' } })],
    })
    expect(flow).toMatchObject({ queue: queue().name, id: 'whole-1', children: [{ children: [{}] }, { id: 'b' }] })
    expect(await queue().find('whole-1')).toMatchObject({ state: 'waiting-children', data: 'parent' })
    expect(await queue().counts()).toMatchObject({ 'waiting-children': 1, prioritized: 0 })
    const values: unknown[] = []
    await work(async job => {
      seen.push(job.data)
      values.push(await job.childrenValues(), await job.childrenCounts(), await job.childrenErrors())
    })
    await queues().work(parts(), job => {
      seen.push(job.data)
      return failing(job)
    })
    await settled({ completed: 1 })
    expect(seen.at(-1)).toBe('parent')
    expect(seen.indexOf('a1')).toBeLessThan(seen.indexOf('a'))
    expect(values).toEqual([
      { [`${parts()}:${flow.children[0]?.id}`]: { did: 'a' }, [`${parts()}:b`]: { did: 'b' } },
      { completed: 2, failed: 0 },
      {},
    ])
  })

  test('a parent waits for a child that failed, until it was replayed', async () => {
    let fails = true
    await work(() => undefined)
    await queues().work(parts(), () => {
      if (fails) throw new Error('no luck')
    })
    const { children } = await queues().addFlow({ queue: queue().name, name: 'whole', data: 1, children: [child('a')] })
    const partsQueue = await queues().queue(parts())
    await vi.waitFor(async () => expect(await partsQueue.counts()).toMatchObject({ failed: 1 }), 10_000)
    expect(await queue().counts()).toMatchObject({ 'waiting-children': 1 })
    fails = false
    await partsQueue.replay(children[0]?.id ?? '')
    await settled({ completed: 1 })
  })

  test('a parent fails with a child if that is asked for, also over levels, and is kept as a dead letter', async () => {
    await queues().work(parts(), failing)
    const handler = vi.fn()
    const dead = await queues().queue(`${queue().name}-dead`)
    await work(handler, { deadLetterQueue: dead.name })
    const middle = child('good', { ifItFails: 'fail', children: [child('bad', { ifItFails: 'fail' })] })
    await queues().addFlow({ queue: queue().name, name: 'whole', data: 1, children: [middle] })
    await settled({ failed: 1, 'waiting-children': 0 })
    expect((await queue().deadLetters()).jobs).toMatchObject([{ error: expect.stringMatching(/^child .* failed$/) }])
    expect(handler).not.toHaveBeenCalled()
    await vi.waitFor(async () => expect(await dead.counts()).toMatchObject({ waiting: 1 }))
  })

  test('a parent with its children is removed together; a removed child is not waited for', async () => {
    const partsQueue = await queues().queue(parts())
    const flow = { queue: queue().name, name: 'whole', data: 1, children: [child('a'), child('b')] }
    const { id } = await queues().addFlow(flow)
    expect(await queue().cancel(id)).toBe('removed')
    expect(await partsQueue.counts()).toMatchObject({ waiting: 0 })
    const { children } = await queues().addFlow(flow)
    await queues().work(parts(), failing)
    await partsQueue.pause()
    for (const each of children) await partsQueue.remove(each.id)
    await settled({ waiting: 1, 'waiting-children': 0 })
  })

  test('a parent of which a child is under way is not removed', async () => {
    const end = Promise.withResolvers<void>()
    await queues().work(parts(), () => end.promise)
    const partsQueue = await queues().queue(parts())
    const { id } = await queues().addFlow({ queue: queue().name, name: 'whole', data: 1, children: [child('a')] })
    await vi.waitFor(async () => expect(await partsQueue.counts()).toMatchObject({ active: 1 }), 10_000)
    await expect(queue().cancel(id)).rejects.toMatchObject({ code: 'QUEUE_JOB_STATE' })
    end.resolve()
    await settled({ waiting: 1, 'waiting-children': 0 })
  })

  test('a flow whose jobs are not all valid is refused, and nothing of it is added', async () => {
    const typed = defineJob({
      name: 'part',
      parse: data => (typeof data === 'number' ? data : fail('it: not a number')),
    })
    const refused = { code: 'QUEUE_VALUE' }
    const flow = (part: object) => ({ queue: queue().name, name: 'whole', data: 1, children: [child('a', part)] })
    await expect(queues().addFlow(flow({ name: typed }))).rejects.toMatchObject(refused)
    await expect(queues().addFlow(flow({ queue: 'a:b' }))).rejects.toMatchObject(refused)
    const deduplication = { id: 'x', mode: 'simple' as const }
    await expect(queues().addFlow(flow({ options: { deduplication } }))).rejects.toMatchObject(refused)
    expect(await queue().counts()).toMatchObject({ 'waiting-children': 0 })
  })

  test('a batch ends with one job that knows how many completed and failed, however often it is added', async () => {
    const counts: unknown[] = []
    await work(async job => {
      counts.push(job.data, await job.childrenCounts(), Object.values(await job.childrenErrors()))
    })
    await queues().work(parts(), failing, { concurrency: 3 })
    const batch = {
      id: 'import-7',
      jobs: ['a', 'bad', 'b'].map(data => ({ ...child(data), options: { attempts: 2 } })),
      onComplete: { queue: queue().name, name: 'imported', data: 'import 7' },
    }
    expect(await queues().addBatch(batch)).toMatchObject({ id: 'import-7', children: [{}, { id: 'import-7-1' }, {}] })
    await settled({ completed: 1 })
    await queues().addBatch(batch)
    await settled({ completed: 1, waiting: 0, active: 0, 'waiting-children': 0 })
    expect(counts).toEqual(['import 7', { completed: 2, failed: 1 }, ['no luck']])
    await queues().addBatch({ jobs: [], onComplete: { queue: queue().name, name: 'imported', data: 'nothing' } })
    await settled({ completed: 2 })
    expect(counts.slice(3)).toEqual(['nothing', { completed: 0, failed: 0 }, []])
  })
}

function fail(message: string): never {
  throw new Error(message)
}
