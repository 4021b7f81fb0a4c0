import { expect, test } from 'vitest'
import { serverQuestion } from '../../../infrastructure/insight/index.ts'
import { createDatabase } from '../../../infrastructure/testing/servers.ts'
import { outages } from '../../platform/part/outages.ts'
import { postgresServers } from './servers.ts'

test('a server that is down holds up no other, and says why it is', async () => {
  const database = await createDatabase()
  const gone = new URL(database.url)
  gone.port = '1'
  const watched = postgresServers(
    [
      { name: 'gone', url: gone.href },
      { name: 'shop', url: database.url },
    ],
    outages(() => 7),
  )
  const answers = await Promise.all(watched.servers.map(server => server.read(serverQuestion)))
  expect(answers).toMatchObject([
    { status: 'down', reason: 'Postgres gone refuses connections', since: 7, nextStep: expect.any(String) },
    { status: 'up', data: { role: 'primary' } },
  ])
  expect(watched.find('shop')).toMatchObject({
    address: expect.stringContaining(':***@'),
    place: `${gone.hostname}:${new URL(database.url).port}${gone.pathname}`,
  })
  expect(watched.find('other')).toBeUndefined()
  await expect(watched.find('gone')?.ask(serverQuestion)).rejects.toMatchObject({ code: 'DATABASE_UNREACHABLE' })
  await watched.close()
  await database.drop()
})
