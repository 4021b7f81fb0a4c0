import { existsSync } from 'node:fs'
import { join } from 'node:path'

/**
 * Which journeys a change can reach, by where it lies: the first line that matches says. An area is walked by its own
 * journeys; what all pages stand on, by those that go through every page. The whole is for `npm test`.
 */
const REACHES: readonly [RegExp, readonly string[]][] = [
  // A journey itself, and what the product of the journeys is made of.
  [/^e2e\/(product|programs)\//, ['endpoints', 'every-page']],
  [/^playwright\.config\.ts$/, ['endpoints']],
  // No page can tell.
  [/\.(test|contract)\.tsx?$|\.md$|^(bench|docs|\.github|\.changeset|\.ci)\//, []],
  [/^lib\/(infrastructure|console)\/testing\/|^scripts\/(test|docs|reference)\//, []],
  // Areas, by console, page and capability.
  [areaOr('breakers|providers', 'resilience'), ['breaker-limits', 'breaker-policies', 'force-and-release', 'live']],
  [areaOr('caches', 'cache'), ['caches', 'caches-of-others', 'caches-processes', 'caches-switched']],
  [
    /^lib\/console\/areas\/dead-letters\/|^app\/\(console\)\/(\[environment\]|_parts)\/dead-letters\//,
    ['dead-letters'],
  ],
  [areaOr('queues', 'queue'), ['queues', 'queues-held', 'queues-search']],
  [areaOr('events', 'events'), ['events']],
  [areaOr('schedules', 'scheduler'), ['schedules']],
  [areaOr('sagas', 'saga'), ['sagas']],
  [areaOr('messages', 'messages'), ['messages']],
  [areaOr('database', 'insight'), ['database', 'database-queries']],
  [areaOr('migrations', 'migrations'), ['migrations']],
  [areaOr('metrics', 'metrics'), ['metrics']],
  [areaOr('services', 'fleet'), ['live']],
  [areaOr('redis|health|overview|running|audit|shell', 'health|logging|database'), ['every-page']],
  [/^lib\/console\/(fleet|servers)\//, ['live', 'every-page']],
  [/^lib\/console\/series\//, ['metrics']],
  // What the areas stand on.
  [/^app\/\(auth\)|^lib\/console\/platform\/access\//, ['sign-in']],
  [
    /^(app\/api|lib\/console\/platform|lib\/env|proxy\.ts|instrumentation\.ts|next\.config\.ts)/,
    ['endpoints', 'bad-input', 'sign-in'],
  ],
  [/^public\//, ['public-files']],
  [/^(scripts|substation\.config|package)/, ['start']],
  [/^(app|components|drizzle|lib|demo|postcss)/, ['every-page', 'endpoints']],
]

function areaOr(areas: string, capabilities: string): RegExp {
  return new RegExp(
    `^(lib/console/areas/(${areas})/|app/\\(console\\)/\\[environment\\]/(${areas})/|lib/infrastructure/(${capabilities})/)`,
  )
}

/** Files of journeys that the changed files can reach, in order. A journey that changed is one of them. */
export function journeysOf(changed: readonly string[], root: string): string[] {
  const reached = changed.flatMap(file => (file.endsWith('.spec.ts') ? [file] : namesOf(file).map(fileOf)))
  return [...new Set(reached)].filter(file => existsSync(join(root, file))).sort()
}

const namesOf = (file: string) => REACHES.find(([pattern]) => pattern.test(file))?.[1] ?? []
const fileOf = (name: string) => `e2e/${name}.spec.ts`

/** Every journey that the list names. */
export const journeysNamed = () => [...new Set(REACHES.flatMap(([, names]) => names))].map(fileOf)
