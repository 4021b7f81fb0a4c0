import { Redis } from 'ioredis'
import type { QueueMajor } from '../lib/infrastructure/queue/index.ts'
import { type QueueProgram, startQueueProgram } from '../lib/infrastructure/testing/bullmq-program.ts'
import { act, confirm, expectAudited, finished } from './product/acts.ts'
import { expectAccessible } from './product/axe.ts'
import { product } from './product/product.ts'
import { address, forget } from './product/queues.ts'
import { apiUrl, expect, type Session, test, together } from './product/test.ts'

// Each has queues of its own.
test.describe.configure({ timeout: 120_000, mode: 'parallel' })

test('dead letters of the demo are seen with error and stack, and one is replayed', async ({ as }) => {
  const { page, api, open } = await as('operator')
  await expect
    .poll(
      async () => {
        const { data } = await (await api.get(apiUrl('views/queue?server=fleet&queue=bull:receipts.send'))).json()
        return data.queue.data?.row?.counts.failed ?? 0
      },
      { timeout: 90_000 },
    )
    .toBeGreaterThan(0)
  await open('queues')
  await page.getByRole('row').filter({ hasText: 'receipts.send' }).getByRole('link').first().click()
  const sheet = page.getByRole('dialog').first()
  await expect(sheet.getByText(/mailbox unavailable/).first()).toBeVisible()
  await expectAccessible(page, 'a queue')
  await sheet.getByRole('listitem').filter({ hasText: 'mailbox unavailable' }).first().getByRole('link').click()
  await expect(sheet.getByRole('heading', { name: 'Payload' })).toBeVisible()
  await expect(sheet.getByText('dead letter: failed for good')).toBeVisible()
  await expect(sheet.getByText(/ProviderError/).first()).toBeVisible()
  await expectAccessible(page, 'a job')
  await sheet.getByRole('button', { name: 'Replay', exact: true }).click()
  // It dies again, which is not the point: it was tried again.
  await expect
    .poll(
      async () => {
        const { data } = await (
          await api.get(apiUrl('views/audit?operation=dead-letters.replay&q=bull:receipts.send'))
        ).json()
        return data.audit.data.rows[0]?.outcome
      },
      { timeout: 20_000 },
    )
    .toMatch(/succeeded|partial/)
  await expectAudited(page, open, 'bull:receipts.send', /Replay dead letters/)
})

/** Queues that no service of ours made: a program of its own for each major, which imports nothing of ours. They wait more than they work, so together. */
test('queues of BullMQ 4, 5 and 6: found, paused and resumed without losing a job, their dead letters replayed on the page', async ({
  as,
}) => {
  const majors: QueueMajor[] = [4, 5, 6]
  const sessions = await Promise.all(majors.map(() => as('operator')))
  await together(
    majors.map(async (major, at) => {
      const name = `mail-of-${major}`
      const station = await startQueueProgram(major, { url: product().redisUrl, prefix: 'bull', name })
      try {
        await test.step(`BullMQ ${major}`, () => roundOf(major, `bull:${name}`, station, sessions[at] as Session))
      } finally {
        await station.close()
        await forget(`bull:${name}`)
      }
    }),
  )
})

async function roundOf(major: QueueMajor, key: string, { ask }: QueueProgram, { page, api, open }: Session) {
  const dead = await ask<string[]>('add', {
    jobs: Array.from({ length: 30 }, (_, at) => ({
      name: 'welcome',
      data: { at, fail: 'mailbox full' },
      opts: { priority: 1 + (at % 3) },
    })),
  })
  await ask('work', { concurrency: 10 })
  const row = async () =>
    (await (await api.get(apiUrl(`views/queue?server=fleet&queue=${key}`))).json()).data.queue.data?.row
  await expect.poll(async () => (await row())?.counts.failed, { timeout: 30_000 }).toBe(dead.length)
  expect(await row()).toMatchObject({ major, workers: { known: true } })
  await ask('rest')

  // Paused and resumed while a program produces: each job that was added is there in the end.
  await ask('startProducing', { batch: 5, everyMs: 15 })
  await open(address(key))
  const sheet = page.getByRole('dialog').first()
  await sheet.getByRole('button', { name: 'Pause' }).click()
  await expect(sheet.getByRole('button', { name: 'Resume' })).toBeVisible()
  expect(await ask('isPaused')).toBe(true)
  await expect(sheet.getByText('Paused').first()).toBeVisible()
  // What was done at once can be undone from its notice, above the sheet.
  const shown = page.getByRole('listitem').filter({ hasText: `Paused ${key}.` })
  await expect(shown.getByRole('button', { name: 'Undo' })).toBeVisible()
  await sheet.getByRole('button', { name: 'Resume' }).click()
  await expect(sheet.getByRole('button', { name: 'Pause' })).toBeVisible()
  await expect(
    page
      .getByRole('listitem')
      .filter({ hasText: `Resumed ${key}.` })
      .getByRole('button', { name: 'Undo' }),
  ).toBeVisible()
  expect(await ask('isPaused')).toBe(false)
  const produced = await ask<string[]>('stopProducing')
  await ask('work', { concurrency: 50 })
  await expect
    .poll(
      async () => {
        const done = new Set(await ask<string[]>('done'))
        return produced.filter(id => !done.has(id)).length
      },
      { timeout: 30_000 },
    )
    .toBe(0)
  await ask('rest')

  await open(address(key))
  await sheet.getByRole('button', { name: 'Replay dead letters…' }).click()
  const dialog = page.getByRole('dialog', { name: 'Replay dead letters' })
  const reason = `journey ${major} ${Date.now()}`
  await dialog.getByLabel(/Reason/).fill(reason)
  await dialog.getByRole('button', { name: 'Replay 30 dead letters' }).click()
  await expect(dialog.getByText(/Replayed 30/).first()).toBeVisible({ timeout: 20_000 })
  for (const id of dead.slice(0, 3)) expect(await ask('stateOf', { id })).toMatch(/waiting|prioritized/)
  const counts = await ask<Record<string, number>>('counts')
  expect((counts.waiting ?? 0) + (counts.prioritized ?? 0)).toBe(30)
  expect(counts.failed).toBe(0)
  await expectAudited(page, open, reason, /Replay dead letters/)
}

test('on a phone it is three taps from the list to replayed: the queue, the act, the button that says how many', async ({
  as,
}) => {
  const { page, open } = await as('operator', { phone: true })
  const key = 'bull:three-taps'
  const station = await startQueueProgram(6, { url: product().redisUrl, prefix: 'bull', name: 'three-taps' })
  try {
    await station.ask('add', {
      jobs: [1, 2, 3].map(at => ({ name: 'letter', data: { at, fail: 'mail answered 503' } })),
    })
    await station.ask('work')
    const counts = () => station.ask<Record<string, number>>('counts')
    await expect.poll(async () => (await counts()).failed).toBe(3)
    await station.ask('rest')
    await open('queues')
    await page
      .getByRole('link', { name: /three-taps/ })
      .first()
      .tap()
    await page.getByRole('dialog').first().getByRole('button', { name: 'Replay dead letters…' }).tap()
    const dialog = page.getByRole('dialog', { name: 'Replay dead letters' })
    await dialog.getByRole('button', { name: 'Replay 3 dead letters' }).tap()
    await expect.poll(async () => (await counts()).failed).toBe(0)
  } finally {
    await station.close()
    await forget(key)
  }
})

test('dead letters are replayed by their error and by mark, and removed by an admin only', async ({ as }) => {
  const { page, api, open } = await as('operator')
  const key = 'bull:letters'
  const station = await startQueueProgram(6, { url: product().redisUrl, prefix: 'bull', name: 'letters' })
  try {
    const ids = await station.ask<string[]>('add', {
      jobs: Array.from({ length: 60 }, (_, at) => ({
        name: 'letter',
        data: { fail: at < 40 ? 'mailbox full' : 'no such street' },
      })),
    })
    await station.ask('work', { concurrency: 20 })
    await expect
      .poll(async () => (await station.ask<Record<string, number>>('counts')).failed, { timeout: 30_000 })
      .toBe(ids.length)
    await station.ask('rest')
    const some = await act(api, 'queue.replay', {
      server: 'fleet',
      queue: key,
      which: { by: 'all', error: 'NO SUCH street' },
    })
    expect(some).toMatchObject({ status: 'succeeded' })
    expect((await station.ask<Record<string, number>>('counts')).failed).toBe(40)

    await open(address(key))
    const sheet = page.getByRole('dialog').first()
    await sheet.getByRole('checkbox').nth(0).check()
    // From there by keyboard, as the help says.
    await page.keyboard.press('j')
    await page.keyboard.press('x')
    await expect(sheet.getByRole('checkbox').nth(1)).toBeChecked()
    await expect(sheet.getByText('2 marked')).toBeVisible()
    await expectAccessible(page, 'marked jobs')
    await sheet.getByRole('toolbar').getByRole('button', { name: 'Replay', exact: true }).click()
    const dialog = page.getByRole('dialog', { name: 'Replay dead letters with a canary' })
    // No worker is connected, which a canary would wait for.
    await dialog.getByLabel('Canary').fill('')
    await dialog.getByRole('button', { name: 'Replay 2 dead letters' }).click()
    await expect.poll(async () => (await station.ask<Record<string, number>>('counts')).failed).toBe(38)

    const input = { server: 'fleet', queue: key, which: { by: 'all' }, reason: 'a journey' }
    expect((await api.post(apiUrl('operations/queue.remove/preview'), { data: { input } })).status()).toBe(403)
    const admin = await as('admin')
    const removed = await act(admin.api, 'queue.remove', input, { typedName: key })
    expect(removed).toMatchObject({ status: 'succeeded' })
    expect((await station.ask<Record<string, number>>('counts')).failed).toBe(0)
    expect(await finished(admin.api, removed.id)).toMatchObject({ summary: expect.stringContaining('38') })
  } finally {
    await station.close()
    await forget(key)
  }
})

test('all delayed jobs are promoted from their list, and complete; a viewer sees who may', async ({ as }) => {
  const { page, open } = await as('operator')
  const key = 'bull:reminders'
  const station = await startQueueProgram(5, { url: product().redisUrl, prefix: 'bull', name: 'reminders' })
  try {
    const ids = await station.ask<string[]>('add', {
      jobs: Array.from({ length: 80 }, (_, at) => ({
        name: at < 60 ? 'remind' : 'expire',
        data: {},
        opts: { delay: 3_600_000, priority: at % 2 },
      })),
    })
    await open(address(key, '&jobs=delayed'))
    const sheet = page.getByRole('dialog').first()
    await expect(sheet.getByRole('listitem')).toHaveCount(50)
    await expectAccessible(page, 'delayed jobs')
    const dialog = page.getByRole('dialog', { name: 'Promote delayed jobs' })
    const promote = async (words: string) => {
      await dialog.getByRole('button', { name: words }).click()
      await expect(dialog.getByText(/Promoted/).first()).toBeVisible({ timeout: 20_000 })
    }
    await sheet.getByRole('button', { name: 'Promote delayed jobs…' }).click()
    await dialog.getByLabel(/contains/).fill('EXPIRE')
    await promote('Promote 20 delayed jobs')
    expect((await station.ask<Record<string, number>>('counts')).delayed).toBe(60)

    await open(address(key, '&jobs=delayed'))
    await sheet.getByRole('button', { name: 'Promote delayed jobs…' }).click()
    const reason = `journey ${Date.now()}`
    await dialog.getByLabel(/Reason/).fill(reason)
    await promote('Promote 60 delayed jobs')
    await station.ask('work', { concurrency: 20 })
    await expect.poll(async () => (await station.ask<string[]>('done')).length, { timeout: 20_000 }).toBe(ids.length)
    expect((await station.ask<string[]>('done')).toSorted()).toEqual(ids.toSorted())
    await station.ask('rest')
    await expectAudited(page, open, reason, /Promote delayed jobs/)

    await station.ask('add', { jobs: [{ name: 'remind', data: {}, opts: { delay: 3_600_000 } }] })
    const viewer = await as('viewer')
    await viewer.open(address(key, '&jobs=delayed'))
    const button = viewer.page.getByRole('button', { name: 'Promote delayed jobs…' })
    await expect(button).toHaveAttribute('aria-disabled', 'true')
    await expect(button).toHaveAccessibleDescription('needs the operator role')
  } finally {
    await station.close()
    await forget(key)
  }
})

test('keys that keep jobs out are released by an admin, a job shows its attempts over time, and a favourite comes first', async ({
  as,
}) => {
  const { page, open } = await as('admin')
  const name = 'zz-starred'
  const redis = new Redis(product().redisUrl)
  const station = await startQueueProgram(5, { url: product().redisUrl, prefix: 'bull', name })
  const add = async () => {
    const [job = ''] = await station.ask<string[]>('add', {
      jobs: [{ name: 'bill', data: {}, opts: { deduplication: { id: 'order-17' } } }],
    })
    return job
  }
  try {
    const [dead = ''] = await station.ask<string[]>('add', {
      jobs: [{ name: 'charge', data: { fail: 'card declined' }, opts: { attempts: 2, backoff: 50 } }],
    })
    await station.ask('work')
    await expect.poll(async () => (await station.ask<Record<string, number>>('counts')).failed).toBe(1)
    await station.ask('rest')
    await redis.set(`bull:${name}:de:order-17`, 'gone')
    expect(await add()).toBe('gone')

    await open(address(`bull:${name}`, '&section=deduplication'))
    const sheet = page.getByRole('dialog').first()
    await expect(sheet.getByText('1 held back')).toBeVisible()
    await expect(sheet.getByText(/p95/).first()).toBeVisible()
    await expectAccessible(page, 'deduplication keys')
    await sheet.getByRole('button', { name: 'Release all left over…' }).click()
    const dialog = page.getByRole('dialog', { name: 'Release deduplication keys' })
    await dialog.getByLabel(/Reason/).fill(`journey ${name}`)
    await confirm(dialog, 'Release 1 deduplication key', `Released 1 deduplication key of bull:${name}.`)
    await expect(sheet.getByText('No deduplication key was found in this queue.')).toBeVisible()
    expect(await add()).not.toBe('gone')

    await sheet.getByRole('button', { name: `Favourite: ${name}` }).click()
    await open(address(`bull:${name}`, `&job=${dead}`))
    await sheet.getByRole('button', { name: 'Show timeline' }).click()
    const timeline = sheet.getByRole('region', { name: /^Timeline/ })
    await expect(timeline.getByRole('listitem').filter({ hasText: 'card declined' })).toHaveCount(2)
    await expect(timeline.getByText('Backoff', { exact: true })).toBeVisible()
    await expectAccessible(page, 'the timeline of a job')

    await open('queues?sort=name&dir=asc')
    await expect(page.getByRole('row').nth(1)).toContainText(name, { timeout: 60_000 })
    await expectAccessible(page, 'queues with a favourite')
    await page.getByText('By service').click()
    await expect(page.getByRole('region', { name: /^No known service/ }).getByText(name)).toBeVisible()
    await expectAccessible(page, 'queues by service')
  } finally {
    redis.disconnect()
    await station.close()
    await forget(`bull:${name}`)
  }
})
