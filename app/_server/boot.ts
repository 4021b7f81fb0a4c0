import { type Console, openConsole } from '@/lib/console/open'
import { type Sessions, sessions } from '@/lib/console/platform/access/sessions'
import type { Mode } from '@/lib/console/platform/settings/port'
import { readSettings } from '@/lib/console/platform/settings/read'
import { environment, loadConfig } from '@/lib/env'
import { createLogger, type Logger } from '@/lib/infrastructure/logging/index'
import { sampleMetrics } from '@/lib/infrastructure/metrics/index'
import { type ConsoleMetrics, consoleMetrics } from './console-metrics'
import { watchOwnRequests } from './own-requests'
import { joinOwnFleet } from './own-station'

export interface Running {
  console: Console
  sessions: Sessions
  metrics: ConsoleMetrics
  logger: Logger
  /** True until the process is stopping: then it is no longer ready, and streams end. */
  stopping: boolean
  close(): Promise<void>
}

const KEY = Symbol.for('substation.console')
type Holder = { [KEY]?: Promise<Running> }

/** The one console of this process. On globalThis, because Next loads modules once for pages and once for routes. */
export function running(): Promise<Running> {
  const holder = globalThis as Holder
  holder[KEY] ??= open()
  return holder[KEY]
}

async function open(): Promise<Running> {
  const variables = environment()
  const config = loadConfig(variables)
  const settings = await readSettings(variables)
  const logger = await createLogger(config.logging, { service: 'substation' })
  const opened = await openConsole({ settings, logger })
  const metrics = await consoleMetrics(opened)
  const sampler = sampleMetrics(metrics.metrics)
  const unwatch = watchOwnRequests(metrics.metrics)
  const station = joinOwnFleet(opened, sampler)
  const state: Running = {
    console: opened,
    sessions: sessions({
      settings,
      store: opened.store,
      logger,
      believedMs: believedInTests(settings.mode, variables.SUBSTATION_SESSION_BELIEVED_MS),
    }),
    metrics,
    logger,
    stopping: false,
    async close() {
      state.stopping = true
      unwatch()
      sampler.stop()
      await Promise.all(station.map(member => member.stop()))
      await opened.close()
    },
  }
  sampler.start()
  await Promise.all(station.map(member => member.start()))
  return state
}

/** A machine under load takes longer to look at all pages than a session is believed; never longer where it counts. */
function believedInTests(mode: Mode, ms: string | undefined): number | undefined {
  return mode === 'embedded' && Number(ms) > 0 ? Number(ms) : undefined
}
