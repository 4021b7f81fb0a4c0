import { type BrowserContext, chromium } from '@playwright/test'
import { measure } from '../harness/program.ts'
import type { Session } from '../harness/stand.ts'
import type { Route } from './routes.ts'
import { type Weight, weigh } from './scripts.ts'

export interface PageWeightInput {
  url: string
  chromium: string
  routes: Route[]
  sessions: { operator: Session; stranger: Session }
}

const ARGS = ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--disable-background-networking']

measure<PageWeightInput>(async ({ url, chromium: executablePath, routes, sessions }) => {
  const browser = await chromium.launch({ executablePath, args: ARGS })
  const known = new Map<string, number>()
  const weights = new Map<string, Weight>()
  const notes: string[] = []

  /** A browser with an empty cache for each page. */
  async function visit(path: string, session: Session | undefined): Promise<Weight | undefined> {
    const context: BrowserContext = await browser.newContext({ storageState: session })
    try {
      const weight = await weigh(context, `${url}${path}`, known)
      if (weight) weights.set(path, weight)
      return weight
    } finally {
      await context.close()
    }
  }

  for (const route of routes) {
    if (route.for === 'operator') {
      const weight = await visit(route.path, sessions.operator)
      if (!weight) notes.push(`${route.path} only redirects to another page`)
      for (const variant of weight?.variants ?? []) await visit(variant, sessions.operator)
    } else if (!(await visit(route.path, undefined)) && !(await visit(route.path, sessions.stranger))) {
      notes.push(`${route.path} is shown only in a state that does not occur here`)
    }
  }
  await browser.close()
  const list = [...weights]
  const heaviest = (some: typeof list) => Math.max(0, ...some.map(([, weight]) => weight.settled))
  return {
    value: heaviest(list.filter(([path]) => !path.includes('?'))),
    extra: {
      withQuery: heaviest(list.filter(([path]) => path.includes('?'))),
      ...Object.fromEntries(list.map(([path, weight]) => [`loaded ${nameOf(path)}`, weight.loaded])),
      ...Object.fromEntries(list.map(([path, weight]) => [`settled ${nameOf(path)}`, weight.settled])),
    },
    notes,
  }
})

/** The path with the names of its parameters; their values are ids, new with every run. */
function nameOf(path: string): string {
  const url = new URL(path, 'http://page')
  const names = [...new Set(url.searchParams.keys())]
  return names.length > 0 ? `${url.pathname}?${names.join('&')}` : url.pathname
}
