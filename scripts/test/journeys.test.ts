import { existsSync, readdirSync } from 'node:fs'
import { resolve } from 'node:path'
import { expect, test } from 'vitest'
import { journeysNamed, journeysOf } from './journeys.ts'

const root = resolve(import.meta.dirname, '..', '..')
const of = (...files: string[]) => journeysOf(files, root)

test('a change in one area reaches the journeys of that area and no others', () => {
  expect(of('lib/console/areas/queues/operations/pause.ts', 'app/(console)/[environment]/queues/page.tsx')).toEqual([
    'e2e/queues-held.spec.ts',
    'e2e/queues-search.spec.ts',
    'e2e/queues.spec.ts',
  ])
  expect(of('lib/infrastructure/cache/memory.ts')).toEqual([
    'e2e/caches-of-others.spec.ts',
    'e2e/caches-processes.spec.ts',
    'e2e/caches-switched.spec.ts',
    'e2e/caches.spec.ts',
  ])
})

test('what all pages stand on reaches the journeys through every page, a journey itself, and tests none', () => {
  expect(of('components/ui/button.tsx')).toEqual(['e2e/endpoints.spec.ts', 'e2e/every-page.spec.ts'])
  expect(of('e2e/sign-in.spec.ts')).toEqual(['e2e/sign-in.spec.ts'])
  expect(of('lib/console/areas/queues/queues.test.ts', 'docs/queues.md', 'bench/main.ts')).toEqual([])
})

test('a journey that was removed is not run', () => {
  expect(of('e2e/removed.spec.ts')).toEqual([])
})

test('each journey that is named is there, and each area has one', () => {
  expect(journeysNamed().filter(file => !existsSync(resolve(root, file)))).toEqual([])
  const areas = readdirSync(resolve(root, 'lib/console/areas'), { withFileTypes: true }).filter(entry =>
    entry.isDirectory(),
  )
  expect(areas.length).toBeGreaterThan(5)
  for (const { name } of areas) expect(of(`lib/console/areas/${name}/area.ts`), name).not.toEqual([])
})
