import { expect, test } from 'vitest'
import type { Setting } from './setting.contract.ts'

const claim = { channel: 'email' as const, limit: 10, leaseMs: 60_000 }

export function actsContract(on: Setting): void {
  test('what is scheduled is claimed when its time has come, by one process', async () => {
    const due = await on.record({ scheduledFor: Date.now() - 2_000 })
    const dueFirst = await on.record({ scheduledFor: Date.now() - 5_000 })
    await on.record({ scheduledFor: Date.now() + 60_000 })
    await on.record({ channel: 'sms', scheduledFor: Date.now() - 1_000 })
    await on.record()
    const claims = await Promise.all([on.messages.claimDue(claim), on.messages.claimDue(claim)])
    expect(
      claims
        .flat()
        .map(({ id }) => id)
        .sort(),
    ).toEqual([due, dueFirst].sort())
    expect(claims.flat()[0]).toMatchObject({
      id: dueFirst,
      status: 'sending',
      interrupted: false,
      content: { text: 'It is on its way' },
    })
  })

  test('what its holder has not ended within its lease is claimed as interrupted', async () => {
    const id = await on.record({ scheduledFor: Date.now() - 1_000 })
    const ended = await on.record({ scheduledFor: Date.now() - 1_000 })
    const atOnce = await on.record({ status: 'sending' })
    await on.messages.claimDue({ ...claim, leaseMs: -1 })
    await on.messages.note([{ message: { id: ended }, kind: 'accepted', provider: 'resend' }])
    expect(await on.messages.claimDue(claim)).toMatchObject([{ id, interrupted: true }])
    expect(await on.messages.claimDue(claim)).toEqual([])
    expect(await on.messages.reschedule(id, Date.now() - 1)).toEqual({ done: true })
    expect(await on.messages.claimDue({ ...claim, limit: 1 })).toMatchObject([{ id, interrupted: false }])
    expect(await on.messages.reschedule(ended, Date.now())).toEqual({ done: false, status: 'sent' })
    expect(await on.messages.find(atOnce)).toMatchObject({ status: 'sending' })
  })

  test('of several callers one begins to send what is queued, has failed, or has been without news', async () => {
    const id = await on.record()
    const begin = (staleMs = 60_000) => on.messages.begin(id, { staleMs })
    const outcomes = await Promise.all([begin(), begin(), begin()])
    expect(outcomes.filter(({ done }) => done)).toHaveLength(1)
    expect(outcomes).toContainEqual({ done: false, status: 'sending' })
    expect(await begin(-1_000)).toEqual({ done: true })
    await on.messages.note([{ message: { id }, kind: 'failed', error: 'refused' }])
    expect(await begin()).toEqual({ done: true })
    await on.messages.note([{ message: { id }, kind: 'accepted', provider: 'smtp' }])
    expect(await begin(-1_000)).toEqual({ done: false, status: 'sent' })
    const due = await on.record({ scheduledFor: Date.now() - 1_000 })
    await on.messages.claimDue(claim)
    expect(await on.messages.begin(due, { staleMs: -1_000 })).toEqual({ done: false, status: 'sending' })
  })

  test('only what is not under way can be cancelled', async () => {
    const id = await on.record({ scheduledFor: Date.now() - 1_000 })
    expect(await on.messages.cancel(id, { by: 'mia', reason: 'it was an error' })).toEqual({ done: true })
    expect(await on.messages.cancel(id, { by: 'mia' })).toEqual({ done: false, status: 'cancelled' })
    expect(await on.messages.cancel('none', { by: 'mia' })).toEqual({ done: false, status: undefined })
    expect(await on.messages.claimDue(claim)).toEqual([])
    expect((await on.messages.events(id)).at(-1)).toMatchObject({
      kind: 'cancelled',
      detail: { by: 'mia', reason: 'it was an error' },
    })
    const underWay = await on.record({ status: 'sending' })
    expect(await on.messages.cancel(underWay, { by: 'mia' })).toEqual({ done: false, status: 'sending' })
  })

  test('a resent message is a copy that is due, and both say so', async () => {
    const id = await on.record({
      idempotencyKey: 'k',
      lookup: ['user-7'],
      template: 'receipt',
      notificationId: 'n',
      batchId: 'b',
    })
    const plain = await on.record({ recipients: ['t'], channel: 'fcm' })
    await on.messages.note([{ message: { id }, kind: 'failed', error: 'refused' }])
    const copy = await on.messages.resend(id, { by: 'mia' })
    const [claimed] = await on.messages.claimDue(claim)
    expect(claimed).toMatchObject({
      id: copy?.id,
      recipients: ['mia@example.com'],
      lookup: ['mia@example.com', 'user-7'],
      title: 'Your order',
      template: 'receipt',
      notificationId: 'n',
      batchId: 'b',
      content: { text: 'It is on its way' },
    })
    expect(claimed).not.toHaveProperty('idempotencyKey')
    expect(await on.messages.events(String(copy?.id))).toMatchObject([{ detail: { by: 'mia', copyOf: id } }])
    expect((await on.messages.events(id)).at(-1)).toMatchObject({ kind: 'resent', detail: { by: 'mia', as: copy?.id } })
    expect(await on.messages.find(id)).toMatchObject({ status: 'failed' })
    expect(await on.messages.resend(plain, { by: 'mia' })).toMatchObject({ status: 'scheduled', recipients: ['t'] })
    expect(await on.messages.resend('none', { by: 'mia' })).toBeUndefined()
  })
}
