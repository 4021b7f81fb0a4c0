import { expect, test, vi } from 'vitest'
import { z } from 'zod'
import type { Setting } from './contract-setting.ts'
import { defineJob } from './job-type.ts'
import type { Job } from './port.ts'

const pay = defineJob({ name: 'pay', parse: z.object({ order: z.string(), cents: z.int() }).parse })
const newerPay = defineJob({
  name: 'pay',
  version: 2,
  parse: z.object({ order: z.string(), amount: z.object({ cents: z.int() }) }).parse,
  upcasts: { 1: data => ({ order: (data as { order: string }).order, amount: data }) },
})

/** What every adapter guarantees for jobs of a declared type. */
export function jobTypeContract({ queue, queues, work, settled }: Setting): void {
  test('a worker reports what its jobs are, with a schema that is not too large', async () => {
    const schema = { type: 'object', required: ['order'] }
    const large = { enum: Array.from({ length: 2_000 }, (_, n) => `value ${n}`) }
    const types = [
      pay,
      defineJob({ name: 'described', parse: String, schema }),
      defineJob({ name: 'large', parse: String, schema: large }),
    ]
    await queues().work(queue().name, () => undefined, { types })
    expect(queues().reports()).toMatchObject([
      { types: [{ name: 'pay', version: 1 }, { name: 'described', version: 1, schema }, { name: 'large' }] },
    ])
    expect(queues().reports()[0]?.types?.[2]).not.toHaveProperty('schema')
  })

  test('a typed job reaches a worker that knows its type, with its version', async () => {
    const seen: Job<{ order: string; cents: number }>[] = []
    await queues().work(queue().name, job => void seen.push(job), { types: [pay] })
    await queue().add(pay, { order: 'o-1', cents: 7 })
    await queue().addBulk([
      { name: pay, data: { order: 'o-2', cents: 8 } },
      { name: 'other', data: 'anything' },
    ])
    await settled({ completed: 3 })
    expect(seen).toMatchObject([
      { name: 'pay', data: { order: 'o-1', cents: 7 }, version: 1 },
      { name: 'pay', data: { order: 'o-2', cents: 8 }, version: 1 },
      { name: 'other', data: 'anything' },
    ])
  })

  test('data that its type does not accept is refused with the field, and nothing is added', async () => {
    const wrong = { order: 'o-1', cents: 'seven' as unknown as number }
    const refused = { code: 'QUEUE_VALUE', message: expect.stringContaining('The data is not of pay: cents: ') }
    await expect(queue().add(pay, wrong)).rejects.toMatchObject(refused)
    const good = { name: pay, data: { order: 'o-1', cents: 7 } }
    await expect(queue().addBulk([good, { name: pay, data: wrong }])).rejects.toMatchObject(refused)
    expect(await queue().counts()).toMatchObject({ waiting: 0 })
  })

  test('data that a worker does not accept is a dead letter at once, with the field; the next job goes on', async () => {
    const handler = vi.fn()
    await work(handler, { types: [pay] })
    await queue().add('pay', { order: 'o-1' }, { attempts: 5 })
    await queue().add(pay, { order: 'o-2', cents: 7 })
    await settled({ failed: 1, completed: 1 })
    const { jobs } = await queue().deadLetters()
    expect(jobs).toMatchObject([
      { error: expect.stringContaining('The data is not of pay: cents: '), attemptsMade: 1, data: { order: 'o-1' } },
    ])
    expect(handler).toHaveBeenCalledTimes(1)
  })

  test('an older version is brought to that of the worker; a newer one is a dead letter at once', async () => {
    const seen: unknown[] = []
    const worker = await work(job => void seen.push(job.data), { types: [newerPay] })
    await queue().add(pay, { order: 'o-1', cents: 7 })
    await settled({ completed: 1 })
    expect(seen).toEqual([{ order: 'o-1', amount: { cents: 7 } }])
    await worker.close()
    await work(() => undefined, { types: [pay] })
    await queue().add(newerPay, { order: 'o-2', amount: { cents: 8 } }, { attempts: 5 })
    await settled({ failed: 1 })
    expect((await queue().deadLetters()).jobs).toMatchObject([
      { error: 'The job pay is of version 2; this process knows it up to 1', attemptsMade: 1 },
    ])
  })

  test('a type that cannot read an older version is refused', () => {
    expect(() => defineJob({ name: 'pay', version: 3, parse: String, upcasts: { 1: data => data } })).toThrow(
      'The job pay is at version 3 and does not say how version 2 becomes 3',
    )
  })
}
