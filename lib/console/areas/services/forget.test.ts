import { expect, test, vi } from 'vitest'
import { startTestProcess } from '../../testing/open-test-console.ts'
import { a, console, environment, finished, operator, refusalOf, settings } from '../../testing/two-checkouts.ts'
import { servicesView } from './views/services.ts'

const listed = async (filters: Record<string, string>) => {
  const { services } = (await console.view(servicesView, environment(), operator, filters)).data
  if (services.status !== 'up') throw new Error('the fleet was not read')
  return services.data.processes.map(({ instance }) => instance).sort()
}

async function forget(which: object) {
  const request = { environment: environment(), operation: 'process.forget', input: { which } }
  const { token, affected } = await console.runner.preview(operator, request)
  return { affected, run: await finished(await console.runner.run(operator, { ...request, token })) }
}

test('what the filter leaves out stays, and undo lists the forgotten again', async () => {
  const testProcesses = []
  for (const [service, instance] of [
    ['warehouse', 'w-1'],
    ['warehouse', 'w-2'],
    ['mailer', 'm-1'],
  ] as const) {
    const testProcess = await startTestProcess(settings, { service, instance })
    await testProcess.stop()
    testProcesses.push(testProcess)
  }
  await vi.waitFor(async () => expect(await listed({ state: 'left' })).toEqual(['m-1', 'w-1', 'w-2']), 8_000)

  const { affected, run } = await forget({ kind: 'matching', service: 'warehouse', q: 'w-2', state: 'left' })
  expect(affected).toMatchObject({ count: 1, sample: ['w-2'] })
  expect(run).toMatchObject({ status: 'succeeded', target: { name: 'left processes of warehouse matching w-2' } })
  await vi.waitFor(async () => expect(await listed({ state: 'left' })).toEqual(['m-1', 'w-1']))

  const undone = await finished(await console.runner.undo(operator, environment(), run.id))
  expect(undone.summary).toBe('1 process is listed again.')
  await vi.waitFor(async () => expect(await listed({ state: 'left' })).toEqual(['m-1', 'w-1', 'w-2']))
})

test('the living are never forgotten, whatever the filter', async () => {
  const request = { environment: environment(), operation: 'process.forget' }
  const living = { which: { kind: 'matching', q: a.member.id } }
  expect(await refusalOf(console.runner.preview(operator, { ...request, input: living }))).toMatchObject({
    code: 'conflict',
  })
})
