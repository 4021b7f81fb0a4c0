import { expect, test } from 'vitest'
import { createSagas, StepRefusedError, saga } from '../saga/index.ts'
import { sagaHandlers } from './sagas-handlers.ts'

const context = { issuedBy: 'Mia' }

test('the verbs on sagas act on a saga of that kind, say who asked, and refuse all others', async () => {
  const sagas = await createSagas()
  const definition = saga<null>('order', { onFailure: 'wait' }).step('pay', {
    run() {
      throw new StepRefusedError('declined')
    },
  })
  const other = sagas.define(saga<null>('other').step('one', { run: () => undefined }))
  const { id } = await sagas.define(definition).start(null)
  const another = await other.start(null)
  sagas.work({ pollMs: 10 })
  await sagas.settled(id)
  await sagas.settled(another.id)
  const handlers = sagaHandlers(sagas)

  expect(await handlers['saga.runs']?.({ saga: 'order', state: 'failed', limit: 10 }, context)).toMatchObject({
    runs: [{ id, state: 'failed' }],
  })
  expect(await handlers['saga.find']?.({ id }, context)).toMatchObject({ run: { id } })
  expect(await handlers['saga.find']?.({ id: 'nothing' }, context)).toEqual({})
  await expect(handlers['saga.runs']?.({ saga: 'nothing', limit: 10 }, context)).rejects.toThrow('no saga nothing')
  await expect(handlers['saga.retry']?.({ saga: 'order', id: another.id }, context)).rejects.toThrow(
    'no order with the id',
  )
  await expect(handlers['saga.compensate']?.({ saga: 'nothing', id }, context)).rejects.toThrow('no saga nothing')

  await handlers['saga.retry']?.({ saga: 'order', id }, context)
  await sagas.settled(id)
  await handlers['saga.compensate']?.({ saga: 'order', id, reason: 'enough' }, context)
  expect(await sagas.settled(id)).toMatchObject({
    state: 'compensated',
    acts: [
      { act: 'retry', by: 'Mia' },
      { act: 'compensate', by: 'Mia', reason: 'enough' },
    ],
  })
  await sagas.close()
})
