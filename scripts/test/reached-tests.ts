import { spawnSync } from 'node:child_process'
import { join } from 'node:path'

export interface Module {
  source: string
  dependencies: { resolved: string }[]
}

/**
 * The list of areas imports all of them, and whatever opens a console imports the list; followed through it, every test of
 * the console would reach every area. An area is a plug: its own tests open the console that tests it, and those of others
 * must not depend on it. So the list is not followed, and what walks the whole list is named here.
 */
const LIST = 'lib/console/areas/index.ts'
const WALK_THE_LIST = ['lib/console/areas/matrix.test.ts', 'app/_server/area.test.ts']
const AREA = /^lib\/console\/areas\/([^/]+)\//

/** Files of unit tests that the changed files can reach, in order: through imports, and all of an area that changed. */
export function testsReached(changed: readonly string[], modules: readonly Module[]): string[] {
  const importers = new Map<string, string[]>()
  for (const { source, dependencies } of modules) {
    if (source === LIST) continue
    for (const { resolved } of dependencies) importers.set(resolved, [...(importers.get(resolved) ?? []), source])
  }
  const reached = new Set<string>()
  const open = [...changed]
  for (let file = open.pop(); file !== undefined; file = open.pop()) {
    if (reached.has(file)) continue
    reached.add(file)
    open.push(...(importers.get(file) ?? []))
  }
  // Programs that a test spawns, and the console that it opens, are not imported by it: all tests of the area run.
  const areas = new Set([...reached].flatMap(file => (isTest(file) ? [] : (AREA.exec(file)?.[1] ?? []))))
  const own = modules.map(({ source }) => source).filter(source => areas.has(AREA.exec(source)?.[1] ?? ''))
  const walking = areas.size > 0 || reached.has(LIST) ? WALK_THE_LIST : []
  return [...new Set([...reached, ...own, ...walking])].filter(isTest).sort()
}

const isTest = (file: string) => /\.test\.tsx?$/.test(file)

/** What imports what, as dependency-cruiser reads it. */
export function readModules(root: string, folders: readonly string[]): Module[] {
  const depcruise = join(root, 'node_modules', '.bin', 'depcruise')
  const args = ['--config', '.dependency-cruiser.mjs', '--output-type', 'json', ...folders]
  // Rules that are broken make it end with an error; the stage that asks for them says so.
  const { stdout } = spawnSync(depcruise, args, { cwd: root, encoding: 'utf8', maxBuffer: 2 ** 28 })
  return (JSON.parse(stdout) as { modules: Module[] }).modules
}
