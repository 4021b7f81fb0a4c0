import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { auditEvent } from '../../drizzle/schema/index.ts'
import { areas } from '../../lib/console/areas/index.ts'
import { overviewView } from '../../lib/console/areas/overview/views/overview.ts'
import { namesView } from '../../lib/console/areas/shell/views/names.ts'
import { shellView } from '../../lib/console/areas/shell/views/shell.ts'
import type { Console } from '../../lib/console/open.ts'
import { registryOf } from '../../lib/console/platform/area/registry.ts'
import { openApiDocument } from '../../lib/console/platform/openapi.ts'
import { Series } from '../../lib/console/series/resource.ts'
import { lampsArea } from '../../lib/console/testing/lamps/area.ts'
import { Lamps } from '../../lib/console/testing/lamps/resource.ts'
import { lampsView } from '../../lib/console/testing/lamps/views/lamps.ts'
import { actorOf, openTestConsole, testSettings } from '../../lib/console/testing/open-test-console.ts'
import { finishedIn } from '../../lib/console/testing/outcomes.ts'
import { createDatabase, redisUrl } from '../../lib/infrastructure/testing/servers.ts'
import { catalogueFor } from './catalogue.ts'
import { pagesOf } from './page-list.ts'

let database: Awaited<ReturnType<typeof createDatabase>>
let console: Console
const environment = () => console.settings.environments[0]?.name ?? ''
const opened = () => {
  const known = console.environment(environment())
  if (!known) throw new Error('the environment is gone')
  return known
}

beforeAll(async () => {
  database = await createDatabase()
  const settings = testSettings({ databaseUrl: database.url, redisUrl: redisUrl() })
  // The folder, and this line.
  console = await openTestConsole(settings, { areas: [...areas, lampsArea] })
})
afterAll(async () => {
  await console?.close()
  await database?.drop()
})

test('an area that is a folder and a line has its resource open, its view, attention, badge, palette names and page', async () => {
  const viewer = actorOf('viewer')
  expect(opened().of(Lamps).open).toBe(true)
  opened().of(Lamps).lit.set('attic', false)
  const lamps = await console.view(lampsView, environment(), viewer, {})
  expect(lamps.data.lamps).toMatchObject({ porch: true, attic: false })
  const overview = await console.view(overviewView, environment(), viewer, {})
  expect(overview.data.attention[0]).toMatchObject({ area: 'lamps', text: 'is dark', href: expect.any(String) })
  const { data } = await console.view(shellView, environment(), viewer, {})
  expect(data.trouble.lamps?.bad).toBeGreaterThan(0)
  expect(overview.topics).toContain('lamps')
  const names = await console.view(namesView, environment(), viewer, { q: 'porc' })
  expect(names.data.groups).toContainEqual({
    id: 'lamps',
    label: 'Lamps',
    items: [{ id: 'lamp-porch', label: 'porch', href: 'lamps?lamp=porch' }],
  })
  expect(pagesOf(console.areas)).toContainEqual(expect.objectContaining({ id: 'lamps', title: 'Lamps', shortcut: 'l' }))
})

test('its operation is in the catalogue and in the OpenAPI document, asks for its role, runs, announces and leaves an audit line', async () => {
  const paths = Object.keys(openApiDocument('', '', console.views, console.operations, console.access).paths as object)
  expect(paths).toContain('/api/v1/{environment}/views/lamps')
  expect(paths).toContain('/api/v1/{environment}/operations/lamp.light/preview')
  expect(catalogueFor(console, actorOf('viewer'))).toContainEqual(
    expect.objectContaining({ id: 'lamp.light', needs: 'operator', allowed: false, place: 'lamps' }),
  )
  opened().of(Lamps).lit.set('cellar', false)
  const request = { environment: environment(), operation: 'lamp.light', input: { lamp: 'cellar' } }
  await expect(console.runner.run(actorOf('viewer'), request)).rejects.toThrow('needs the operator role')
  const heard = new Set<string>()
  const unsubscribe = console.hub.subscribe(({ topics }) => {
    for (const topic of topics) heard.add(topic)
  })
  const run = await finishedIn(console, actorOf('operator'), await console.runner.run(actorOf('operator'), request))
  expect(run).toMatchObject({ status: 'succeeded', summary: 'Lit cellar.' })
  expect(opened().of(Lamps).lit.get('cellar')).toBe(true)
  await vi.waitFor(() => expect(heard).toContain('lamps'), 5_000)
  unsubscribe()
  const rows = await console.store.db.select().from(auditEvent).where(eq(auditEvent.run, run.id))
  expect(rows.map(({ kind, operation }) => `${operation} ${kind}`).sort()).toEqual([
    'lamp.light outcome',
    'lamp.light started',
  ])
})

test('its figures are sampled', async () => {
  await vi.waitFor(
    async () => {
      const part = await opened()
        .of(Series)
        .recent([{ service: 'lamps', series: 'lamps_lit' }], { step: 10_000 })
      if (part.status !== 'up') throw new Error('no figures yet')
      expect(part.data[0]?.values.some(value => value !== null && value > 0)).toBe(true)
    },
    { timeout: 45_000, interval: 500 },
  )
}, 60_000)

test('two areas that declare the same thing are refused by name', () => {
  expect(() => registryOf([lampsArea, lampsArea])).toThrow('two areas declare the area lamps')
  const copy = { ...lampsArea, id: 'lamps-2' }
  expect(() => registryOf([lampsArea, copy])).toThrow('two areas declare the view lamps')
  expect(() => registryOf([lampsArea, { id: 'x', title: 'X', permissions: { 'lamp:read': 'viewer' } }])).toThrow(
    'two areas declare the permission lamp:read',
  )
})

test('every topic that a view is made of is declared, or no viewer would hear of it', () => {
  for (const view of console.views)
    for (const topic of view.topics) expect(Object.keys(console.topics), `${view.id}: ${topic}`).toContain(topic)
})
