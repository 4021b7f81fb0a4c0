import AxeBuilder from '@axe-core/playwright'
import type { Page } from '@playwright/test'
import { expect } from './test.ts'

/** Of all that axe looks at, what another theme can change. */
export const COLOUR_RULES = ['color-contrast', 'link-in-text-block']

/** axe finds nothing on what the page shows now. `what` names it in the failure; `rules` are all, unless some are named. */
export async function expectAccessible(page: Page, what: string, rules?: string[]): Promise<void> {
  // A colour half way through a fade is not to be read. What has been paused, or is restarted by every change, has no end.
  await page.evaluate(() =>
    Promise.race([
      new Promise(done => setTimeout(done, 2_000)),
      Promise.all(
        document
          .getAnimations()
          .filter(({ effect, playState }) => playState === 'running' && effect?.getTiming().iterations !== Infinity)
          .map(animation => animation.finished.catch(() => {})),
      ),
    ]),
  )
  // The other mode reports from a page of its own, opened each time, for the sake of frames from elsewhere: there are none.
  const axe = new AxeBuilder({ page }).setLegacyMode()
  const { violations } = await (rules ? axe.withRules(rules) : axe).analyze()
  expect(
    violations.map(({ id, nodes }) => `${what} ${id}: ${nodes.map(node => node.target.join(' ')).join('; ')}`),
  ).toEqual([])
}

/** Nothing makes the page scroll sideways. */
export async function expectFits(page: Page, what: string): Promise<void> {
  const overflow = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  )
  expect(overflow, `${what} scrolls sideways`).toBeLessThanOrEqual(0)
}
