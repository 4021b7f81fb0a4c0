import { afterAll, beforeAll } from 'vitest'
import { insightBench } from '../../infrastructure/testing/insight-bench.ts'
import { createDatabase, redisUrl } from '../../infrastructure/testing/servers.ts'
import type { Console } from '../open.ts'
import type { Actor } from '../platform/access/roles.ts'
import type { Run } from '../platform/operation/wire.ts'
import type { AnyView, DataOf } from '../platform/view/define.ts'
import { actorOf, openTestConsole, testSettings } from './open-test-console.ts'
import { finishedIn } from './outcomes.ts'

/** A console that watches a database called `shop`, with sessions to do something there. */
export function databaseConsole() {
  let own: Awaited<ReturnType<typeof createDatabase>>
  const opened = {
    console: undefined as unknown as Console,
    bench: undefined as unknown as Awaited<ReturnType<typeof insightBench>>,
  }
  beforeAll(async () => {
    own = await createDatabase()
    opened.bench = await insightBench()
    const settings = testSettings({ databaseUrl: own.url, redisUrl: redisUrl() })
    settings.environments[0]?.databases.push({ name: 'shop', url: opened.bench.url })
    opened.console = await openTestConsole(settings)
  })
  afterAll(async () => {
    await opened.console?.close()
    await opened.bench?.close()
    await own?.drop()
  })
  const environment = () => opened.console.settings.environments[0]?.name ?? ''
  return Object.assign(opened, {
    environment() {
      const found = opened.console.environment(environment())
      if (!found) throw new Error('the test console lacks its environment')
      return found
    },
    read: async <V extends AnyView>(view: V, filters: Record<string, string> = {}, role: Actor['role'] = 'viewer') =>
      (await opened.console.view(view, environment(), actorOf(role), { name: 'shop', ...filters })).data as DataOf<V>,
    preview: (operation: string, input: object, role: Actor['role'] = 'operator') =>
      opened.console.runner.preview(actorOf(role), { environment: environment(), operation, input }),
    /** Previews, confirms, and waits for the end. */
    async act(operation: string, input: object): Promise<Run> {
      const actor = actorOf('operator')
      const request = { environment: environment(), operation, input }
      const { token } = await opened.console.runner.preview(actor, request)
      const run = await opened.console.runner.run(actor, { ...request, token, typedName: 'shop' })
      return finishedIn(opened.console, actor, run)
    },
  })
}
