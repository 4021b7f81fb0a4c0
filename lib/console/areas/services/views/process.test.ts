import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { newId } from '../../../../core/ids.ts'
import { createDatabase, redisUrl } from '../../../../infrastructure/testing/servers.ts'
import type { Console } from '../../../open.ts'
import { startCacheProcess } from '../../../testing/cache-process.ts'
import { actorOf, openTestConsole, testSettings } from '../../../testing/open-test-console.ts'
import { processView } from './process.ts'
import { servicesView } from './services.ts'

let database: Awaited<ReturnType<typeof createDatabase>>
let console: Console
let running: Awaited<ReturnType<typeof startCacheProcess>>
const cache = `cache-${newId()}`
const environment = () => console.settings.environments[0]?.name ?? ''

beforeAll(async () => {
  database = await createDatabase()
  const settings = testSettings({ databaseUrl: database.url, redisUrl: redisUrl() })
  console = await openTestConsole(settings)
  running = await startCacheProcess(settings, { cache, instance: 'a' })
})
afterAll(async () => {
  await running?.stop()
  await console?.close()
  await database?.drop()
})

test('what a process reports of its caches is shown to a viewer without names of keys', async () => {
  await running.cache.delete('canary-key')
  const seenBy = async (role: 'viewer' | 'operator') => {
    const { data: all } = await console.view(servicesView, environment(), actorOf(role), {})
    const id = all.services.status === 'up' ? all.services.data.processes[0]?.id : undefined
    const { data } = await console.view(processView, environment(), actorOf(role), { id: id ?? '' })
    return JSON.stringify(data)
  }
  await vi.waitFor(async () => expect(await seenBy('operator')).toContain('canary-key'), 15_000)
  const shown = await seenBy('viewer')
  expect(shown).toContain(cache)
  expect(shown).not.toContain('canary-key')
})
