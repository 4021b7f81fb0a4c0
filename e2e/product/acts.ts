import type { APIRequestContext, Locator, Page } from '@playwright/test'
import type { Run } from '../../lib/console/platform/operation/wire.ts'
import { apiUrl, expect } from './test.ts'

/** An act over REST from preview to its end. */
export async function act(api: APIRequestContext, operation: string, input: object, extra: object = {}): Promise<Run> {
  const previewed = await (await api.post(apiUrl(`operations/${operation}/preview`), { data: { input } })).json()
  expect(previewed.preview, JSON.stringify(previewed.error)).toBeDefined()
  const answer = await api.post(apiUrl(`operations/${operation}`), {
    data: { input, token: previewed.preview.token, ...extra },
  })
  const { run, error } = await answer.json()
  expect(run, JSON.stringify(error)).toBeDefined()
  return finished(api, run.id)
}

export async function finished(api: APIRequestContext, id: string): Promise<Run> {
  let run: Run | undefined
  await expect
    .poll(
      async () => {
        run = (await (await api.get(apiUrl(`runs/${id}`))).json()).run
        return run?.finishedAt !== undefined
      },
      { timeout: 30_000 },
    )
    .toBe(true)
  return run as Run
}

/** Presses a button of the open sheet. */
export const begin = (page: Page, button: string | RegExp) =>
  page.getByRole('dialog').first().getByRole('button', { name: button }).click()

/** Carries out what the dialog of an act shows, and closes it when it says so. */
export async function confirm(dialog: Locator, button: string | RegExp, done: string | RegExp): Promise<void> {
  await dialog.getByRole('button', { name: button }).click()
  await expect(dialog.getByText(done)).toBeVisible()
  await dialog.getByRole('button', { name: 'Close', exact: true }).last().click()
}

/** Who did it stands in the audit, with what came of it. */
export async function expectAudited(page: Page, open: (path: string) => Promise<void>, find: string, words: RegExp) {
  await open(`audit?q=${encodeURIComponent(find)}`)
  await expect(page.getByRole('row').filter({ hasText: words }).first()).toBeVisible()
}
