import { join } from 'node:path'
import { DEMO_PORTS, type DemoPlace, demoFleet } from '../../demo/fleet.ts'
import { seedDemo, seedReports } from '../../demo/seed.ts'
import type { Children } from './children.ts'
import type { Folder } from './folder.ts'
import { step } from './steps.ts'

interface Options {
  redisUrl: string
  databaseUrl: string
  reportsUrl: string
  sessionsUrl: string
  fleetKey: string
  folder: Folder
  children: Children
  root: string
  version: string
}

/** A killed demo process is missed for this long before another takes its place, so that there is something to see (ms). */
const MISSED_FOR = Number(process.env.DEMO_MISSED_FOR ?? 45_000)

/** Seeds the demo's database and starts its processes. */
export async function startDemo({
  redisUrl,
  databaseUrl,
  reportsUrl,
  sessionsUrl,
  fleetKey,
  folder,
  children,
  root,
  version,
}: Options): Promise<{ faults: string }> {
  await step('Seed the demo databases', async say => {
    await Promise.all([seedDemo(databaseUrl), seedReports(reportsUrl)])
    say('Demo databases seeded')
  })
  await step('Start the demo fleet', async say => {
    const ports: Partial<typeof DEMO_PORTS> = Object.fromEntries(
      await sequence(
        Object.keys(DEMO_PORTS) as DemoPlace[],
        async place => [place, await folder.port(place, DEMO_PORTS[place])] as const,
      ),
    )
    const fleet = demoFleet({
      redisUrl,
      databaseUrl,
      reportsUrl,
      sessionsUrl,
      environment: process.env.SUBSTATION_ENVIRONMENT ?? 'demo',
      fleetKey,
      version,
      releases: process.env.DEMO_RELEASES !== 'off',
      ports,
    })
    for (const { name, file, env } of fleet)
      children.start({ name, file: join(root, file), env, cwd: root, restartAfterMs: MISSED_FOR })
    say(
      `Demo fleet: ${fleet
        .filter(process => process.service)
        .map(process => process.name)
        .join(', ')}`,
    )
  })
  return {
    faults:
      'The payment upstream fails for a minute every five, the first time 90 s after the start: watch payments-api.',
  }
}

/** One after the other, because each port is chosen knowing the ones before. */
async function sequence<A, B>(items: readonly A[], turn: (item: A) => Promise<B>): Promise<B[]> {
  const results: B[] = []
  for (const item of items) results.push(await turn(item))
  return results
}
