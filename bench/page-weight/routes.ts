import { readdirSync } from 'node:fs'
import { join } from 'node:path'

export interface Route {
  /** As it is asked for, such as `/demo/overview`. */
  path: string
  /** Whom it is for: pages of signing in send everyone away who is in already. */
  for: 'operator' | 'anonymous or stranger'
}

/** Every page that the folder `app/` holds at this moment; those that need an id of something are in `unknown`. */
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
      // Private folders hold no pages, and a page that intercepts another has that one's address.
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
