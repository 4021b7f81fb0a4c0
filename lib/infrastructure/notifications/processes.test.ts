import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { beforeAll, expect, test } from 'vitest'
import { newId } from '../../core/ids.ts'
import { createMessages } from '../messages/index.ts'
import { createMigrations, libraryMigrations } from '../migrations/index.ts'
import { freePort } from '../testing/free-port.ts'
import { testLibraryDatabase } from '../testing/library-database.ts'
import { startProgram } from '../testing/program.ts'
import { redisUrl } from '../testing/servers.ts'
import { startVendorServer } from '../testing/vendor-server.ts'
import { createNotifications } from './index.ts'

const FILE = fileURLToPath(new URL('../testing/notifications-program.ts', import.meta.url))
const database = testLibraryDatabase('notifications')
beforeAll(async () => {
  const migrations = await createMigrations({ url: database.url, source: libraryMigrations('messages') })
  await migrations.up({ by: 'test' })
  await migrations.close()
})

/** A provider that counts what it sends to whom: with keys, each of them once. What it has sent outlives its server. */
function providerOf({ hasKeys, slowMs }: { hasKeys: boolean; slowMs: number }) {
  const sent = new Map<string, number>()
  const byKey = new Set<string>()
  return {
    sent,
    total: () => [...sent.values()].reduce((sum, times) => sum + times, 0),
    start: (port: number) =>
      startVendorServer(
        async ({ headers, body }) => {
          await pause(slowMs)
          const key = String(headers['idempotency-key'])
          const target = body.toString()
          if (!(hasKeys && byKey.has(key))) sent.set(target, (sent.get(target) ?? 0) + 1)
          byKey.add(key)
          return { status: 200, body: key }
        },
        { port },
      ),
  }
}

test.each([
  { hasKeys: true, count: 2_000, most: 1 },
  { hasKeys: false, count: 300, most: 2 },
])(
  'the first provider dies, the second is slow, workers are killed: with keys $hasKeys each of $count is sent at most $most times, and none is lost unnoticed',
  async ({ hasKeys, count, most }) => {
    const first = providerOf({ hasKeys, slowMs: 0 })
    const second = providerOf({ hasKeys, slowMs: 10 })
    const [firstPort, secondPort] = [await freePort(), await freePort()]
    let dying = await first.start(firstPort)
    const slow = await second.start(secondPort)
    const args = [database.url, redisUrl(), `notifications-${newId()}`, dying.url, slow.url, String(hasKeys)]
    const total = () => first.total() + second.total()
    const reaches = (share: number) => expect.poll(total, { timeout: 300_000 }).toBeGreaterThanOrEqual(count * share)

    let worker = await startProgram(FILE, { args })
    const batch = await worker.ask<string>('notify', { count })
    await worker.ask('work')
    await reaches(0.1)
    // It carries out what it is asked for, and does not say so; then it is gone.
    dying.fault('lost', 15)
    dying.fault('reset', 10)
    await reaches(0.2)
    await dying.close()
    await reaches(0.4)
    worker.kill()
    worker = await startProgram(FILE, { args })
    await worker.ask('work')
    await reaches(0.6)
    worker.kill()
    // It is back: what it may have sent is asked for there.
    dying = await first.start(firstPort)
    worker = await startProgram(FILE, { args })
    await worker.ask('work')

    const { sql } = database
    const notifications = await createNotifications(
      { channels: [], recipients: { find: async () => undefined } },
      { sql },
    )
    await expect
      .poll(
        async () => {
          const { waiting, sending } = await notifications.batch(batch)
          return waiting + sending
        },
        { timeout: 300_000 },
      )
      .toBe(0)
    await worker.close()

    const states = await notifications.batch(batch)
    expect(states.sent + states.failed).toBe(count)
    // Without keys, one whose outcome was not known twice is given up, and reported as failed.
    const failed = await notifications.list({ batch, state: 'failed', limit: count })
    expect(failed.filter(({ sends }) => hasKeys || sends[0]?.state !== 'unknown')).toEqual([])
    const givenUp = new Set(failed.map(({ recipient }) => recipient))
    for (let n = 0; n < count; n++) {
      const recipient = `user-${n}`
      const times = (first.sent.get(recipient) ?? 0) + (second.sent.get(recipient) ?? 0)
      expect(times, recipient).toBeLessThanOrEqual(most)
      if (!givenUp.has(recipient)) expect(times, recipient).toBeGreaterThanOrEqual(1)
    }
    expect(second.total()).toBeGreaterThan(0)

    const messages = await createMessages({ sql })
    const logged = await messages.counts(0)
    const inLog = logged.filter(({ status }) => status === 'sent').reduce((sum, each) => sum + each.count, 0)
    expect(inLog).toBeGreaterThanOrEqual(states.sent)
    await notifications.close()
    await messages.close()
    await dying.close()
    await slow.close()
  },
  900_000,
)
