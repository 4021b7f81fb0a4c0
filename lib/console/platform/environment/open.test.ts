import { expect, test } from 'vitest'
import { openEnvironment } from './open.ts'
import { defineResource, type Resource, type ResourceContext } from './resource.ts'

const settings = { name: 'test' } as ResourceContext['settings']
const surroundings = {} as ResourceContext

function recorded(id: string, log: string[], needs: Resource<unknown>[] = []) {
  return defineResource(id, ({ of }) => {
    for (const resource of needs) of(resource)
    log.push(`open ${id}`)
    return { value: id, start: () => void log.push(`start ${id}`), close: () => void log.push(`close ${id}`) }
  })
}

test('what a resource needs is opened before it, started before it and closed after it', async () => {
  const log: string[] = []
  const base = recorded('base', log)
  const environment = openEnvironment(settings, surroundings, [recorded('top', log, [base]), base])
  environment.start()
  await environment.close()
  expect(log).toEqual(['open base', 'open top', 'start base', 'start top', 'close top', 'close base'])
})

test('a resource is opened once, and one asked for after the start is started', () => {
  const log: string[] = []
  const late = recorded('late', log)
  const environment = openEnvironment(settings, surroundings, [])
  environment.start()
  expect([environment.of(late), environment.of(late)]).toEqual(['late', 'late'])
  expect(log).toEqual(['open late', 'start late'])
})

test('a copy of a resource, as another bundle has it, is the same resource', () => {
  const log: string[] = []
  const environment = openEnvironment(settings, surroundings, [recorded('base', log)])
  environment.of(recorded('base', log))
  expect(log).toEqual(['open base'])
})

test('resources that need each other are refused by name', () => {
  const a: Resource<string> = defineResource('a', ({ of }) => ({ value: of(b) }))
  const b: Resource<string> = defineResource('b', ({ of }) => ({ value: of(a) }))
  expect(() => openEnvironment(settings, surroundings, [a])).toThrow('a -> b -> a')
})
