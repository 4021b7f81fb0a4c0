import { expect, test } from 'vitest'
import { type Module, testsReached } from './reached-tests.ts'

const AREAS = 'lib/console/areas'
const module = (source: string, ...imports: string[]): Module => ({
  source,
  dependencies: imports.map(resolved => ({ resolved })),
})

/** Two areas in the list, one of which needs the face of the other; a test of the platform that opens the list. */
const house = [
  module(`${AREAS}/index.ts`, `${AREAS}/lamps/area.ts`, `${AREAS}/doors/area.ts`, `${AREAS}/roofs/area.ts`),
  module('lib/console/open.ts', `${AREAS}/index.ts`),
  module('lib/console/runner.test.ts', 'lib/console/open.ts'),
  module(`${AREAS}/lamps/area.ts`, `${AREAS}/lamps/light.ts`),
  module(`${AREAS}/lamps/index.ts`, `${AREAS}/lamps/light.ts`),
  module(`${AREAS}/lamps/light.ts`, 'lib/infrastructure/wire.ts'),
  module(`${AREAS}/lamps/light.test.ts`, `${AREAS}/lamps/light.ts`),
  module(`${AREAS}/lamps/spawned.test.ts`, 'lib/console/open.ts'),
  module(`${AREAS}/doors/area.ts`, `${AREAS}/lamps/index.ts`),
  module(`${AREAS}/doors/door.test.ts`, 'lib/console/open.ts'),
  module(`${AREAS}/roofs/area.ts`),
  module(`${AREAS}/roofs/roof.test.ts`, 'lib/console/open.ts'),
  module('lib/infrastructure/wire.test.ts', 'lib/infrastructure/wire.ts'),
]
const WALK_ALL = ['app/_server/area.test.ts', `${AREAS}/matrix.test.ts`]

test('a change in an area reaches its own tests, those of areas that need it, and what walks the list', () => {
  expect(testsReached([`${AREAS}/lamps/light.ts`], house)).toEqual(
    [
      ...WALK_ALL,
      `${AREAS}/doors/door.test.ts`,
      `${AREAS}/lamps/light.test.ts`,
      `${AREAS}/lamps/spawned.test.ts`,
    ].sort(),
  )
})

test('an area that no other needs reaches no other, though every console opens it', () => {
  expect(testsReached([`${AREAS}/roofs/area.ts`], house)).toEqual([...WALK_ALL, `${AREAS}/roofs/roof.test.ts`].sort())
})

test('what areas stand on reaches all of those that import it, the opener whoever opens a console', () => {
  expect(testsReached(['lib/infrastructure/wire.ts'], house)).toContain('lib/infrastructure/wire.test.ts')
  expect(testsReached(['lib/infrastructure/wire.ts'], house)).toContain(`${AREAS}/lamps/spawned.test.ts`)
  expect(testsReached(['lib/console/open.ts'], house)).toEqual([
    `${AREAS}/doors/door.test.ts`,
    `${AREAS}/lamps/spawned.test.ts`,
    `${AREAS}/roofs/roof.test.ts`,
    'lib/console/runner.test.ts',
  ])
})

test('a test that changed runs, a page that changed reaches no unit test', () => {
  expect(testsReached([`${AREAS}/roofs/roof.test.ts`], house)).toEqual([`${AREAS}/roofs/roof.test.ts`])
  expect(testsReached(['app/page.tsx', 'docs/queues.md'], house)).toEqual([])
})
