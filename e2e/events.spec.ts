import { newId } from '../lib/core/ids.ts'
import { begin, expectAudited } from './product/acts.ts'
import { expectAccessible, expectFits } from './product/axe.ts'
import { apiUrl, expect, type Session, test } from './product/test.ts'

/** The newest event that the demo's worker has handled for its subscription `fulfilment`. */
async function handledEvent(api: Session['api']): Promise<string> {
  const address = apiUrl('views/queue?server=fleet&queue=bull:events-fulfilment&state=completed')
  let found = ''
  await expect
    .poll(
      async () => {
        const { data } = await (await api.get(address)).json()
        found = data.jobs.data?.jobs.find(({ id }: { id: string }) => id.length === 26)?.id ?? ''
        return found
      },
      { timeout: 60_000 },
    )
    .toHaveLength(26)
  return found
}

test('an event: found by its id on its way through all subscriptions, and replayed to one of them', async ({ as }) => {
  const { page, open, api } = await as('operator', { phone: true })
  const id = await handledEvent(api)
  await open('events')
  await page.getByLabel('Id of an event').fill(id)
  await page.getByRole('button', { name: 'Find event' }).click()
  const sheet = page.getByRole('dialog').first()
  await expect(sheet.getByText('order.placed, version 1')).toBeVisible({ timeout: 20_000 })
  await expect(sheet.getByText(/by the outbox of checkout/)).toBeVisible()
  const fulfilment = sheet.getByRole('listitem').filter({ hasText: 'fulfilment' })
  await expect(fulfilment.getByText('Completed')).toBeVisible()
  await expectAccessible(page, 'the way of an event')
  await expectFits(page, 'the way of an event')

  await fulfilment.getByRole('link', { name: 'fulfilment', exact: true }).click()
  await expect(sheet.getByText('Subscription of worker')).toBeVisible()
  await begin(page, 'Replay…')
  const dialog = page.getByRole('dialog', { name: 'Replay events' })
  const reason = `journey ${newId()}`
  await dialog.getByLabel('Reason').fill(reason)
  await expectAccessible(page, 'the replay of events')
  await dialog.getByRole('button', { name: /^Replay [\d,]+ events?$/ }).click()
  await expect(page.getByText(/Sent [\d,]+ events? to fulfilment again, by checkout-\d/).first()).toBeVisible({
    timeout: 30_000,
  })
  await open(`events?event=${id}`)
  await expect(fulfilment).toHaveCount(2)
  await expect(fulfilment.getByRole('link', { name: /replayed by/ })).toBeVisible()
  await expectAudited(page, open, reason, /Replay events/)
})

test('an outbox and its relay, and dead letters of one subscription as one group', async ({ as }) => {
  const { page, open } = await as('viewer')
  await open('events')
  const outbox = page.getByRole('region', { name: 'Outbox' })
  await expect(outbox.getByText('checkout, worker')).toBeVisible()
  await expect(outbox.getByText('Relaying')).toBeVisible()
  await expect(outbox.getByRole('link', { name: 'worker-1' })).toBeVisible()
  await page.getByRole('link', { name: 'loyalty' }).click()
  const sheet = page.getByRole('dialog')
  await expect(sheet.getByText('by key, over 2 partitions')).toBeVisible()
  await expect(sheet.getByRole('button', { name: /Replay/ })).toHaveAttribute('aria-disabled', 'true')
  await expect(sheet.getByText('needs the operator role').filter({ visible: true })).toBeVisible()
  await open('events?event=order-7')
  await expect(sheet.getByText('That is not the id of an event')).toBeVisible()

  await open('dead-letters?q=loyalty+account')
  await expect(page.getByText('the customer has no loyalty account').filter({ visible: true })).toHaveCount(1, {
    timeout: 90_000,
  })
})
