import { type APIRequestContext, test as base, type Page, request } from '@playwright/test'
import { ENVIRONMENT, placeOf, product, type Role, stateOf } from './product.ts'
import { startProduct } from './start.ts'

export interface Session {
  page: Page
  /** REST calls with the same session. */
  api: APIRequestContext
  /** Opens a page of the environment. */
  open(path: string): Promise<void>
}

/** A test with sessions by role: `const { page } = await as('viewer')`. */
export const test = base.extend<
  { as: (role: Role, options?: { colorScheme?: 'light' | 'dark'; phone?: boolean }) => Promise<Session> },
  { ownProduct: undefined }
>({
  /** The product of those that need one for themselves: as long as the process that carries them out, a new one after a failure. */
  ownProduct: [
    async ({ playwright: _ }, use, { project }) => {
      const stop = placeOf(project.name) === 'apart' ? await startProduct('apart') : undefined
      await use(undefined)
      await stop?.()
    },
    { scope: 'worker', auto: true, timeout: 300_000 },
  ],
  as: async ({ browser }, use) => {
    const opened: { close(): Promise<void> }[] = []
    await use(async (role, { colorScheme = 'light', phone = false } = {}) => {
      const context = await browser.newContext({
        storageState: stateOf(role),
        colorScheme,
        viewport: phone ? { width: 390, height: 844 } : { width: 1440, height: 900 },
        hasTouch: phone,
        isMobile: phone,
      })
      const page = await context.newPage()
      opened.push(context)
      return {
        page,
        api: context.request,
        open: async path => void (await page.goto(`${product().url}/${ENVIRONMENT}/${path}`)),
      }
    })
    await Promise.all(opened.map(context => context.close()))
  },
})

export { expect } from '@playwright/test'

/** Journeys that wait more than they work go side by side; each ends, and cleans up, before the first failure is reported. */
export async function together(journeys: Promise<unknown>[]): Promise<void> {
  for (const journey of await Promise.allSettled(journeys)) if (journey.status === 'rejected') throw journey.reason
}

/** REST without a session. */
export const anonymous = () => request.newContext()

export const PAGES = [
  'overview',
  'services',
  'health',
  'metrics',
  'redis',
  'database',
  'breakers',
  'caches',
  'queues',
  'dead-letters',
  'events',
  'schedules',
  'sagas',
  'migrations',
  'running',
  'audit',
] as const
export const apiUrl = (path: string) => `${product().url}/api/v1/${ENVIRONMENT}/${path}`
