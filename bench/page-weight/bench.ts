import { createRequire } from 'node:module'
import { join } from 'node:path'
import { findChromium } from '../../scripts/test/chromium.ts'
import { simulateFleet } from '../fleet/simulate.ts'
import type { Bench, Prepared } from '../harness/definition.ts'
import { ROOT } from '../harness/servers.ts'
import { openStand } from '../harness/stand.ts'
import { spreadOf, spreadsOf } from '../harness/statistics.ts'
import { routesOf } from './routes.ts'

/** Weight of Bull Board's index, kB of gzip. */
const LIMIT = 198
const RECORDED = {
  value: 197.86,
  from: '@bull-board/ui 9.10.1, the four scripts of its index, gzip level 6, unpacked from npm and weighed on 2026-11-21',
}

export default {
  summary: 'JavaScript of each page (gzip), beside the index of Bull Board',
  unit: 'kB, heaviest page',
  async prepare({ say, closing }) {
    const chromium = await findChromium()
    const stand = await openStand(say)
    closing(stand.close)
    const { url, environment, redisUrl } = stand
    const { routes, unknown } = routesOf(join(ROOT, 'app'), environment)
    // Pages of an empty fleet would be lighter than real ones.
    const fleet = await simulateFleet({ redisUrl, environment, processes: 12, services: 3, breakersEach: 3 })
    closing(fleet.close)
    const sessions = { operator: await stand.signIn('operator'), stranger: await stand.signIn('stranger') }
    const installed = isInstalled('@bull-board/ui/package.json')
    const bullBoard: Pick<Prepared, 'peers' | 'recorded'> = installed
      ? { peers: { 'bull-board': { program: new URL('./bull-board.ts', import.meta.url) } } }
      : { peers: {}, recorded: { 'bull-board': RECORDED } }
    return {
      ours: {
        program: new URL('./ours.ts', import.meta.url),
        before: async () => ({ url, chromium, routes, sessions }),
      },
      ...bullBoard,
      async conclude({ ours }) {
        const medians = Object.fromEntries(Object.entries(spreadsOf(ours)).map(([name, { median }]) => [name, median]))
        const { withQuery = Number.NaN, ...pages } = medians
        const heaviest = spreadOf(ours.map(run => run.value)).median
        return {
          checks: [
            { what: 'the heaviest page, kB', limit: LIMIT, measured: heaviest },
            {
              what: 'the heaviest with a sheet open or a filter set by its address, kB',
              limit: LIMIT,
              measured: withQuery,
            },
          ],
          extra: {
            pages,
            notes: [
              ...(ours[0]?.notes ?? []),
              ...unknown.map(path => `${path} needs the id of something and was not visited`),
            ],
          },
        }
      },
    }
  },
} satisfies Bench

function isInstalled(file: string): boolean {
  try {
    createRequire(import.meta.url).resolve(file)
    return true
  } catch {
    return false
  }
}
