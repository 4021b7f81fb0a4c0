import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import postgres from 'postgres'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { newId } from '../../core/ids.ts'
import { createCacheRegistry } from '../cache/index.ts'
import { repositoryContract, SAMPLE_DEFINITIONS, SAMPLE_TABLES } from '../database/database.contract.ts'
import { entityChanges } from '../database/index.ts'
import { libraryDatabase } from '../testing/library-database.ts'
import { startPostgrest } from '../testing/postgrest.ts'
import { BaseSupabaseRepository, createSupabase, defineSupabaseEntity, type Supabase } from './index.ts'

const time = { kind: 'date', hasDefault: true } as const
const projects = defineSupabaseEntity({
  ...SAMPLE_DEFINITIONS.project,
  newId,
  table: 'project',
  fields: {
    id: { kind: 'text' },
    organizationId: { kind: 'text' },
    name: { kind: 'text' },
    status: { kind: 'text', hasDefault: true },
    priority: { kind: 'number', nullable: true },
    budget: { kind: 'number', nullable: true },
    labels: { kind: 'json', hasDefault: true },
    version: { kind: 'number' },
    removedAt: { kind: 'date', nullable: true },
    createdAt: time,
    createdBy: { kind: 'text', nullable: true },
    updatedAt: time,
    updatedBy: { kind: 'text', nullable: true },
  },
})
const invoices = defineSupabaseEntity({
  ...SAMPLE_DEFINITIONS.invoice,
  newId,
  table: 'invoice',
  fields: {
    id: { kind: 'text' },
    organizationId: { kind: 'text' },
    number: { kind: 'text' },
    amount: { kind: 'decimal' },
    paid: { kind: 'boolean', hasDefault: true },
    issuedAt: { kind: 'date', column: 'issued_at' },
  },
})
const people = defineSupabaseEntity({
  ...SAMPLE_DEFINITIONS.person,
  table: 'person',
  fields: {
    id: { kind: 'number', hasDefault: true },
    organizationId: { kind: 'text' },
    email: { kind: 'text' },
    name: { kind: 'text', nullable: true },
  },
})
const rates = defineSupabaseEntity({
  ...SAMPLE_DEFINITIONS.rate,
  table: 'exchange_rate',
  fields: { currency: { kind: 'text' }, rate: { kind: 'decimal' } },
})

/** The sample domain behind a PostgREST: members see the rows of the organization in their token, the service sees all. */
async function openProject() {
  const database = await libraryDatabase('audit')
  const sql = postgres(database.url, { max: 2, onnotice: () => {} })
  const name = newId().toLowerCase()
  const [anon, member, service] = [`anon_${name}`, `member_${name}`, `service_${name}`]
  const tenants = ['project', 'invoice', 'person']
  await sql.unsafe(`
    ${SAMPLE_TABLES}
    create role ${anon}; create role ${member}; create role ${service} bypassrls;
    grant select, insert, update, delete on project, invoice, person, exchange_rate to ${member}, ${service};
    grant usage on all sequences in schema public to ${member}, ${service};
    ${tenants
      .map(
        table => `alter table ${table} enable row level security; create policy own on ${table} to ${member}
          using (organization_id = current_setting('request.jwt.claims', true)::json ->> 'org');`,
      )
      .join('\n')}
    create trigger note after insert or update or delete on project for each row
      execute function substation_app.note_entity_change('project', 'id', 'organization_id', 'removed_at', 'labels')`)
  const server = await startPostgrest(database.url, anon)
  return {
    sql,
    supabase: await createSupabase({ url: server.url, key: server.token(anon) }),
    tokens: {
      member: (org: string, sub = 'ada') => server.token(member, { org, sub }),
      service: () => server.token(service),
      anonymous: () => server.token(anon),
      expired: (org: string) => server.token(member, { org }, -3_600),
    },
    async close() {
      await server.stop()
      await sql.end()
      await database.drop()
      const admin = new URL(database.url)
      admin.pathname = '/postgres'
      const owner = postgres(admin.href, { max: 1, onnotice: () => {} })
      await owner.unsafe(`drop role ${anon}, ${member}, ${service}`)
      await owner.end()
    },
  }
}

for (const who of ['member', 'service'] as const)
  repositoryContract(who === 'member' ? 'Supabase with policies' : 'Supabase with a service key', async () => {
    const { supabase, tokens, sql, close } = await openProject()
    const parts = { supabase }
    const scoped = <Scope extends { tenant?: string }>(scope: Scope) => ({
      ...scope,
      token: tokens[who](scope.tenant ?? ''),
    })
    return {
      projects: scope => new BaseSupabaseRepository(projects, parts, scoped(scope)),
      invoices: scope => new BaseSupabaseRepository(invoices, parts, scoped(scope)),
      people: scope => new BaseSupabaseRepository(people, parts, scoped(scope)),
      rates: scope => new BaseSupabaseRepository(rates, parts, scoped(scope)),
      sql: statement => sql.unsafe(statement),
      close,
    }
  })

describe('tokens', () => {
  let project: Awaited<ReturnType<typeof openProject>>
  let supabase: Supabase
  let tenant: string
  beforeAll(async () => {
    project = await openProject()
    supabase = project.supabase
  })
  afterAll(() => project.close())
  beforeEach(() => {
    tenant = newId()
  })
  const repositoryWith = (token: string | (() => string | Promise<string>), org = tenant) =>
    new BaseSupabaseRepository(projects, { supabase }, { tenant: org, token })

  test('the policies of the database hold, whatever tenant the repository is told', async () => {
    const { id } = await repositoryWith(project.tokens.member(tenant)).create({ name: 'Bridge' })
    const stranger = repositoryWith(project.tokens.member('other'))
    expect(await stranger.find(id)).toBeUndefined()
    expect(await stranger.count()).toBe(0)
    await expect(stranger.create({ name: 'x' })).rejects.toMatchObject({
      code: 'REPOSITORY_DENIED',
      nextStep: expect.stringContaining('policies'),
    })
    await expect(stranger.upsert({ id, name: 'x' })).rejects.toMatchObject({
      code: expect.stringMatching(/DENIED|CONFLICT/),
    })
    expect(await repositoryWith(project.tokens.service()).get(id)).toMatchObject({ name: 'Bridge' })
  })

  test('each request has the token of its repository, which can be a fresh one', async () => {
    let asked = 0
    const fresh = repositoryWith(async () => {
      asked++
      return project.tokens.member(tenant)
    })
    const { id } = await fresh.create({ name: 'Bridge' })
    const [mine, theirs] = await Promise.all([fresh.find(id), repositoryWith(project.tokens.member('other')).find(id)])
    expect([mine?.name, theirs, asked]).toEqual(['Bridge', undefined, 2])
  })

  test('one that is expired, wrong or missing is refused', async () => {
    for (const token of [project.tokens.expired(tenant), 'no.token.at-all'])
      await expect(repositoryWith(token).count()).rejects.toMatchObject({
        code: 'REPOSITORY_DENIED',
        nextStep: expect.stringContaining('token'),
      })
    expect(() => repositoryWith('')).toThrow(/needs a token/)
    // @ts-expect-error a repository of Supabase has a token
    expect(() => new BaseSupabaseRepository(projects, { supabase }, { tenant })).toThrow(/needs a token/)
    await expect(repositoryWith(project.tokens.anonymous()).count()).rejects.toMatchObject({
      code: 'REPOSITORY_DENIED',
    })
  })

  test('the trigger of the audit trail knows who made a change', async () => {
    const mine = repositoryWith(project.tokens.member(tenant, 'grace'))
    const { id } = await mine.create({ name: 'Bridge', labels: ['secret'] })
    await mine.update(id, { name: 'Tunnel' })
    await mine.remove(id)
    const trail = await entityChanges(project.sql, { entity: 'project', id, tenant })
    expect(trail.map(({ action, actor, before, after }) => [action, actor, before?.name, after?.name])).toEqual([
      ['remove', 'grace', 'Tunnel', 'Tunnel'],
      ['update', 'grace', 'Bridge', 'Tunnel'],
      ['create', 'grace', undefined, 'Bridge'],
    ])
    expect(JSON.stringify(trail)).not.toContain('secret')
  })

  test('found entities are cached for their tenant, and invalidated by changes', async () => {
    const caches = createCacheRegistry()
    const cache = await caches.create({ name: 'entities', kind: 'memory' })
    const scope = { tenant, token: project.tokens.member(tenant), subject: 'ada' }
    expect(() => new BaseSupabaseRepository(projects, { supabase, cache }, { ...scope, subject: '' })).toThrow(
      'needs the subject of its token',
    )
    const mine = new BaseSupabaseRepository(projects, { supabase, cache }, scope)
    const { id, createdAt } = await mine.create({ name: 'Bridge' })
    await mine.find(id)
    await project.sql`update project set name = 'changed behind' where id = ${id}`
    expect(await mine.find(id)).toMatchObject({ name: 'Bridge', createdAt })
    await mine.update(id, { status: 'done' })
    expect(await mine.find(id)).toMatchObject({ name: 'changed behind', status: 'done' })
    // Whose policies hide it does not get it from the cache.
    const other = { tenant, token: project.tokens.member('elsewhere'), subject: 'eve' }
    expect(await new BaseSupabaseRepository(projects, { supabase, cache }, other).find(id)).toBeUndefined()
    await caches.close()
  })

  test('more ids than one address holds', async () => {
    const mine = repositoryWith(project.tokens.member(tenant))
    await mine.createMany(Array.from({ length: 450 }, (_, at) => ({ name: `p${at}` })))
    const ids: string[] = []
    for await (const { id } of mine.each()) ids.push(id)
    expect(await mine.findMany(ids)).toHaveLength(450)
    expect(await mine.updateMany('all', { status: 'done' })).toBe(450)
    expect(await mine.count({ status: 'done', version: 2 })).toBe(450)
  })

  test('a row that others change all the time is given up, and can be tried again', async () => {
    const mine = repositoryWith(project.tokens.member(tenant))
    const { id } = await mine.create({ name: 'Bridge' })
    await project.sql.unsafe(`create function restless() returns trigger language plpgsql as
      $$ begin return null; end $$; create trigger restless before update on project for each row when (old.id = '${id}') execute function restless()`)
    await expect(mine.update(id, { name: 'x' })).rejects.toMatchObject({ code: 'REPOSITORY_VERSION', retryable: true })
    await project.sql`drop trigger restless on project`
  })
})

describe('a project that does not answer', () => {
  const definition = { ...rates, newId }
  const against = async (url: string, timeoutMs = 2_000) =>
    new BaseSupabaseRepository(
      definition,
      { supabase: await createSupabase({ url, key: 'key', timeoutMs }) },
      { token: 'token' },
    )

  test('is unreachable, and asked once', async () => {
    await expect((await against('http://127.0.0.1:1')).count()).rejects.toMatchObject({
      code: 'REPOSITORY_UNREACHABLE',
      retryable: true,
    })
    let requests = 0
    const { promise: mute, resolve } = Promise.withResolvers<void>()
    const server = createServer((request, response) => {
      requests++
      if (request.method === 'GET') return response.writeHead(503).end('busy')
      if (request.method === 'POST')
        return response.writeHead(429, { 'content-type': 'application/json' }).end('{"message":"slow down"}')
      if (request.method === 'PATCH')
        return response.writeHead(400, { 'content-type': 'application/json' }).end('{"code":"PGRST100","message":"no"}')
      return void mute.then(() => response.end())
    })
    await new Promise<void>(done => server.listen(0, '127.0.0.1', done))
    const repository = await against(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, 200)
    await expect(repository.count()).rejects.toMatchObject({ code: 'REPOSITORY_UNREACHABLE', retryable: true })
    await expect(repository.create({ currency: 'EUR', rate: '1' })).rejects.toMatchObject({
      code: 'REPOSITORY_UNREACHABLE',
      retryable: true,
    })
    await expect(repository.update('EUR', { rate: '1' })).rejects.toMatchObject({ code: 'REPOSITORY_REFUSED' })
    await expect(repository.erase('EUR')).rejects.toMatchObject({ code: 'REPOSITORY_UNREACHABLE' })
    expect(requests).toBe(4)
    resolve()
    server.closeAllConnections()
    await new Promise(done => server.close(done))
  })
})
