import { createServer, connect as dial } from 'node:net'
import { expect, test, vi } from 'vitest'
import { migrationBench } from '../testing/migration-bench.ts'
import { startPooler } from '../testing/pooler.ts'
import { createDatabase } from '../testing/servers.ts'

// What is between this process and Postgres: a pooler, nothing yet, a proxy without a server.

test('an address that leads through a pooler is reported and refused', async () => {
  const bench = await migrationBench('folder', await createDatabase())
  await bench.write('0001_one', 'create table one (id int)')
  const pooler = await startPooler(bench.url)
  const pooled = await bench.open({ url: pooler.url })
  expect(await pooled.status()).toMatchObject({ pooled: true, migrations: [{ state: 'pending' }] })
  await expect(pooled.up({ by: 'ada', createJournal: true })).rejects.toMatchObject({ code: 'MIGRATION_POOLED' })
  expect(await bench.sql`select from pg_tables where tablename = 'one'`).toHaveLength(0)
  await bench.close()
  pooler.close()
})

test('a database that could not be reached is asked again by the next reading', async () => {
  const bench = await migrationBench('folder', await createDatabase())
  const url = new URL(bench.url)
  const { hostname, port } = url
  const gate = createServer(client => {
    const server = dial(Number(port), hostname)
    client.pipe(server).pipe(client)
    for (const socket of [client, server])
      socket.on('error', () => client.destroy()).on('close', () => server.destroy())
  })
  const listen = (at: number) => new Promise<void>(resolve => gate.listen(at, '127.0.0.1', resolve))
  await listen(0)
  const address = gate.address()
  url.port = String(typeof address === 'object' && address ? address.port : 0)
  await new Promise(resolve => gate.close(resolve))
  const migrations = await bench.open({ url: url.href })
  await expect(migrations.status()).rejects.toMatchObject({ code: 'DATABASE_UNREACHABLE' })
  await listen(Number(url.port))
  expect(await migrations.status()).toMatchObject({ journal: { exists: false } })
  await bench.close()
  gate.close()
})

test('a proxy without a database behind it is unreachable, and no further attempt is made', async () => {
  const bench = await migrationBench('folder', await createDatabase())
  let attempts = 0
  const proxy = createServer(client => {
    attempts++
    client.destroy()
  })
  await new Promise<void>(resolve => proxy.listen(0, '127.0.0.1', resolve))
  const address = proxy.address()
  const url = new URL(bench.url)
  url.port = String(typeof address === 'object' && address ? address.port : 0)
  const migrations = await bench.open({ url: url.href })
  await expect(migrations.status()).rejects.toMatchObject({ code: 'DATABASE_UNREACHABLE' })
  expect(attempts).toBeGreaterThan(0)
  // Those under way have been accepted when a later connection has been.
  const before = await vi.waitFor(async () => {
    const count = attempts
    await new Promise<void>(resolve => dial(Number(url.port), '127.0.0.1').on('close', () => resolve()))
    expect(attempts).toBe(count + 1)
    return attempts
  })
  await (await bench.open()).status()
  expect(attempts).toBe(before)
  await bench.close()
  proxy.close()
})
