import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { eq, sql as text } from 'drizzle-orm'
import { integer, pgTable, timestamp } from 'drizzle-orm/pg-core'
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import { startEmbeddedPostgres } from '../testing/embedded-postgres.ts'
import { startStandby } from '../testing/postgres-standby.ts'
import { createDatabase as createTestDatabase } from '../testing/servers.ts'
import { hostsOf, reasonOf } from './adapters/host-choice.ts'
import { createDatabase, type DatabaseSettings, type HeldConnectionReport } from './index.ts'

const note = pgTable('note', { id: integer().primaryKey(), at: timestamp({ withTimezone: true }) })
const opened: { close(): Promise<void> }[] = []
const open = async (settings: DatabaseSettings, onHeld?: (held: HeldConnectionReport) => void) => {
  const database = await createDatabase(settings, { schema: { note }, ...(onHeld ? { onHeld } : {}) })
  opened.push(database)
  return database
}
beforeEach(() => async () => {
  await Promise.all(opened.splice(0).map(database => database.close()))
})

describe('a pool', () => {
  let server: Awaited<ReturnType<typeof createTestDatabase>>
  beforeAll(async () => {
    server = await createTestDatabase()
  })
  afterAll(() => server.drop())

  test('tells how long calls waited for a connection', async () => {
    const database = await open({ url: server.url, maxConnections: 1 })
    await database.sql`select 1`
    expect(database.stats().waits).toEqual({ count: 0, totalMs: 0, longestMs: 0 })
    const gate = Promise.withResolvers<void>()
    const holding = database.transaction(async ({ sql }) => {
      await (sql as typeof database.sql)`select 1`
      await gate.promise
    })
    await vi.waitFor(() => expect(database.stats().active).toBe(1))
    const waiting = Promise.all([database.sql`select 2`, database.sql`select 3`])
    await vi.waitFor(() => expect(database.stats().waiting).toBe(2))
    await vi.waitFor(() => expect(database.stats().waits?.longestMs).toBeGreaterThan(20))
    gate.resolve()
    await Promise.all([holding, waiting])
    expect(database.stats()).toMatchObject({ waiting: 0, active: 0, waits: { count: 2 } })
    expect(database.stats().waits?.totalMs).toBeGreaterThan(40)
  })

  test('tells who holds a connection for long, since when, and where it was taken', async () => {
    const heard: HeldConnectionReport[] = []
    const database = await open({ url: server.url, heldAfterMs: 60, traceHolders: true }, held => heard.push(held))
    const reserved = await database.sql.reserve()
    const gate = Promise.withResolvers<void>()
    const holding = database.transaction(() => gate.promise)
    await database.sql`select 1`
    // A statement that has to connect first may be held for long as well.
    await vi.waitFor(() => expect(heard.filter(({ kind }) => kind !== 'query')).toHaveLength(2))
    expect(database.stats().held).toEqual([
      { kind: 'reservation', heldMs: expect.any(Number), stack: expect.stringContaining('connections.test.ts') },
      { kind: 'transaction', heldMs: expect.any(Number), stack: expect.stringContaining('connections.test.ts') },
    ])
    gate.resolve()
    reserved.release()
    await holding
    expect(database.stats()).not.toHaveProperty('held')
    // Each is told once, however long it is held.
    expect(heard.filter(({ kind }) => kind !== 'query')).toHaveLength(2)
  })

  test('the server ends what waits for a lock, and what is idle in a transaction, for too long', async () => {
    const database = await open({ url: server.url, lockTimeoutMs: 50, applicationName: 'shop 7' })
    await database.sql`create table locked (id int)`
    await database.transaction(async ({ sql }) => {
      await (sql as typeof database.sql)`lock table locked`
      await expect(database.sql`select from locked`).rejects.toMatchObject({
        code: 'DATABASE_CONFLICT',
        sqlState: '55P03',
      })
    })
    expect(await database.sql`show application_name`).toEqual([{ application_name: 'shop 7' }])
    const hasty = await open({ url: server.url, idleInTransactionTimeoutMs: 200 })
    await expect(
      hasty.transaction(async ({ sql }) => {
        const [{ pid }] = (await (sql as typeof database.sql)`select pg_backend_pid() as pid`) as unknown as [
          { pid: number },
        ]
        await vi.waitFor(async () =>
          expect(await database.sql`select from pg_stat_activity where pid = ${pid}`).toEqual([]),
        )
        await (sql as typeof database.sql)`select 2`
      }),
    ).rejects.toMatchObject({ code: 'DATABASE_UNREACHABLE' })
  })
})

/** A primary with a table, and a standby that has replayed it. */
async function startBoth() {
  const folder = await mkdtemp(join(tmpdir(), 'substation-standby-'))
  const dir = join(folder, 'primary')
  const primary = await startEmbeddedPostgres({ dir })
  const standby = await startStandby(primary, { primaryDir: dir, dir: join(folder, 'standby') })
  const database = await createDatabase({ url: primary.url })
  await database.sql`create table note (id int primary key, at timestamptz)`
  const replica = await createDatabase({ url: standby.url })
  await vi.waitFor(async () => expect(await replica.sql`select from note`).toEqual([]))
  await Promise.all([database.close(), replica.close()])
  return {
    primary,
    standby,
    async stop() {
      await standby.stop()
      await primary.stop().catch(() => undefined)
      await rm(folder, { recursive: true, force: true })
    },
  }
}

describe('a primary and its standby', () => {
  let both: Awaited<ReturnType<typeof startBoth>>
  beforeAll(async () => {
    both = await startBoth()
  }, 60_000)
  afterAll(() => both.stop())

  const isStandby = text<boolean>`pg_is_in_recovery()`
  const openBoth = async (settings: Partial<DatabaseSettings> = {}) => {
    const database = await open({ url: both.primary.url, replicaUrls: [both.standby.url], ...settings })
    await vi.waitFor(async () => {
      await database.read.sql`select 1`
      expect(database.stats().replicas?.[0]?.state).toBe('up')
    })
    return database
  }
  const wherePaused = async (paused: boolean) => {
    const replica = await open({ url: both.standby.url })
    if (paused) {
      await replica.sql`select pg_wal_replay_pause()`
      await vi.waitFor(async () =>
        expect((await replica.sql`select pg_get_wal_replay_pause_state() as state`)[0]?.state).toBe('paused'),
      )
    } else await replica.sql`select pg_wal_replay_resume()`
  }

  test('reads go to the standby, writes to the primary, dates as the columns declare', async () => {
    const database = await openBoth()
    const at = new Date('2026-05-06T07:08:09Z')
    await database.orm.insert(note).values({ id: 1, at })
    await vi.waitFor(async () =>
      expect(await database.read.orm.select().from(note).where(eq(note.id, 1))).toEqual([{ id: 1, at }]),
    )
    expect(await database.read.sql`select pg_is_in_recovery() as standby`).toEqual([{ standby: true }])
    expect(await database.sql`select pg_is_in_recovery() as standby`).toEqual([{ standby: false }])
    expect(database.stats().replicas).toEqual([
      {
        address: expect.stringContaining(String(both.standby.port)),
        state: 'up',
        lagMs: expect.any(Number),
        size: expect.any(Number),
        active: 0,
        queries: expect.any(Number),
        errors: 0,
      },
    ])
  })

  test('within `consistent` what was written is always read, though the standby has not replayed it; later it is read there again', async () => {
    const database = await openBoth({ maxReplicaLagMs: 3_600_000 })
    await wherePaused(true)
    try {
      await database.consistent(async () => {
        expect(await database.read.orm.select({ standby: isStandby }).from(text`(values (1)) as one`)).toEqual([
          { standby: true },
        ])
        for (let id = 100; id < 120; id++) {
          await database.orm.insert(note).values({ id })
          expect(await database.read.sql`select id from note where id = ${id}`).toEqual([{ id }])
        }
        await database.transaction(async ({ orm }) => orm.delete(note))
        expect(await database.read.sql`select from note`).toEqual([])
        // Others see the standby as it is.
        expect(await database.consistent(() => database.read.sql`select id from note where id = 100`)).toEqual([])
        await wherePaused(false)
        await vi.waitFor(async () =>
          expect(await database.read.sql`select pg_is_in_recovery() as standby`).toEqual([{ standby: true }]),
        )
        expect(await database.read.sql`select from note`).toEqual([])
      })
    } finally {
      await wherePaused(false)
    }
  })

  test('a standby that is too far behind, or down, gets no reads, and why is told', async () => {
    const database = await openBoth({ maxReplicaLagMs: 200 })
    await wherePaused(true)
    try {
      await database.orm.insert(note).values({ id: 500 })
      await vi.waitFor(async () => {
        await database.read.sql`select 1`
        expect(database.stats().replicas?.[0]).toMatchObject({
          state: 'lagging',
          why: expect.stringMatching(/^it is \d+ ms behind; at most 200 ms are allowed$/),
        })
      })
      expect(await database.read.sql`select pg_is_in_recovery() as standby`).toEqual([{ standby: false }])
    } finally {
      await wherePaused(false)
    }
    const without = await open({ url: both.primary.url, replicaUrls: ['postgres://127.0.0.1:1/none'] })
    expect(await without.read.sql`select pg_is_in_recovery() as standby`).toEqual([{ standby: false }])
    await vi.waitFor(() =>
      expect(without.stats().replicas?.[0]).toMatchObject({
        state: 'down',
        why: expect.stringContaining('ECONNREFUSED'),
      }),
    )
  })
})

describe('several hosts of one database', () => {
  test('are read from the address', () => {
    expect(hostsOf('postgres://ada:p%40ss@one:6000,two,[::1]:6001/shop?target_session_attrs=primary')).toEqual([
      { host: 'one', port: 6000 },
      { host: 'two', port: 5432 },
      { host: '::1', port: 6001 },
    ])
  })

  test.each([
    ['ECONNREFUSED', 'it refuses connections'],
    ['ENOTFOUND', 'its name is not known'],
    ['EAI_AGAIN', 'its name is not known'],
    ['CONNECT_TIMEOUT', 'it did not answer in time'],
    ['ETIMEDOUT', 'it did not answer in time'],
    ['EHOSTUNREACH', 'it cannot be reached'],
    ['ENETUNREACH', 'it cannot be reached'],
    ['28P01', 'password authentication failed'],
  ])('%s: %s', (code, words) =>
    expect(reasonOf(Object.assign(new Error('password authentication failed'), { code }))).toBe(words),
  )

  test('of which none can be used: why is told for each', async () => {
    const database = await open({ url: 'postgres://ada@nowhere.invalid,127.0.0.1:1/shop', connectTimeoutMs: 2_000 })
    await expect(database.sql`select 1`).rejects.toThrow(
      /none of the hosts can be used \(nowhere\.invalid:5432: .*; 127\.0\.0\.1:1: it refuses connections\)/,
    )
    expect(database.stats()).toMatchObject({
      size: 0,
      errors: 1,
      hosts: {
        hosts: [
          { connections: 0, failedAt: expect.any(Number) },
          { connections: 0, why: 'it refuses connections' },
        ],
      },
    })
    expect(database.stats().hosts).not.toHaveProperty('inUse')
  })

  test('the primary is used; when it dies, the next one is, and why is told', async () => {
    const { primary, standby, stop } = await startBoth()
    onTestFinished(stop)
    const { username, password } = new URL(primary.url)
    const hosts = `127.0.0.1:${standby.port},127.0.0.1:${primary.port}`
    const database = await open({ url: `postgres://${username}:${password}@${hosts}/postgres`, maxConnections: 2 })
    expect(await database.sql`select pg_is_in_recovery() as standby`).toEqual([{ standby: false }])
    expect(database.stats().hosts).toMatchObject({
      inUse: `127.0.0.1:${primary.port}`,
      hosts: [
        {
          name: `127.0.0.1:${standby.port}`,
          connections: 0,
          why: 'it is not the primary',
        },
        { name: `127.0.0.1:${primary.port}`, connections: 1 },
      ],
    })
    await primary.stop()
    const replica = await open({ url: standby.url })
    await vi.waitFor(async () =>
      expect(
        await database.sql`select 1`.then(
          () => 'it was answered',
          (error: Error) => error.message,
        ),
      ).toMatch(/none of the hosts can be used \(.*it is not the primary.*it refuses connections/),
    )
    await replica.sql`select pg_promote()`
    await vi.waitFor(async () => {
      await database.orm.insert(note).values({ id: 900 }).onConflictDoNothing()
      expect(await database.sql`select id from note where id = 900`).toEqual([{ id: 900 }])
    })
    expect(database.stats().hosts).toMatchObject({
      inUse: `127.0.0.1:${standby.port}`,
      switched: { from: `127.0.0.1:${primary.port}`, to: `127.0.0.1:${standby.port}`, why: 'it refuses connections' },
    })
  }, 60_000)
})
