import { readdirSync } from 'node:fs'
import { join } from 'node:path'

export interface Route {
  /** The path of the address, such as `/demo/overview`. */
  path: string
  /** Who can open it: the sign-in pages redirect those who are signed in. */
  for: 'operator' | 'anonymous or stranger'
}

/** Every page in the folder `app/`; those that need an id are in `unknown`. */
export function routesOf(app: string, environment: string): { routes: Route[]; unknown: string[] } {
  const routes: Route[] = []
  const unknown: string[] = []
  const visit = (folder: string, segments: string[], auth: boolean) => {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const { name } = entry
      if (entry.isFile() && name === 'page.tsx') {
        const path = `/${segments.join('/')}`
        if (path.includes('[')) unknown.push(path)
        else routes.push({ path, for: auth ? 'anonymous or stranger' : 'operator' })
      }
      // Private folders have no pages, and an intercepting page has the address of the page it intercepts.
      if (!entry.isDirectory() || name.startsWith('_') || /^\(\.+\)/.test(name)) continue
      const silent = name.startsWith('(') || name.startsWith('@')
      visit(
        join(folder, name),
        silent ? segments : [...segments, segmentOf(name, environment)],
        auth || name === '(auth)',
      )
    }
  }
  visit(app, [], false)
  return { routes: routes.sort((a, b) => (a.path < b.path ? -1 : 1)), unknown }
}

function segmentOf(name: string, environment: string): string {
  if (name === '[environment]') return environment
  return name.startsWith('[...') || name.startsWith('[[...') ? 'no-such-page' : name
}
