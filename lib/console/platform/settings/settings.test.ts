import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { ConfigError } from '../../../infrastructure/config/index.ts'
import { readSettings } from './read.ts'

const whole = {
  SUBSTATION_URL: 'https://substation.example.test/',
  SUBSTATION_DATABASE_URL: 'postgres://u:p@127.0.0.1/substation',
  SUBSTATION_REDIS_URL: 'redis://127.0.0.1:6379',
  SUBSTATION_SECRET: 's'.repeat(32),
  SUBSTATION_FLEET_KEY: 'k'.repeat(32),
  SUBSTATION_GITHUB_CLIENT_ID: 'id',
  SUBSTATION_GITHUB_CLIENT_SECRET: 'secret',
  SUBSTATION_ADMINS: 'Root@Example.test',
  SUBSTATION_CONFIG: 'none.ts',
}
const folders: string[] = []
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true })
})

const problemsOf = async (variables: Record<string, string | undefined>) => {
  const error = await readSettings(variables).then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  if (!(error instanceof ConfigError)) throw new Error(`was accepted: ${String(error)}`)
  return error.problems.map(({ variable }) => variable)
}

function configFile(source: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'substation-config-'))
  folders.push(folder)
  const file = join(folder, 'substation.config.ts')
  writeFileSync(file, source)
  return file
}

test('half a configuration names every missing and malformed variable at once', async () => {
  expect(
    await problemsOf({
      SUBSTATION_DATABASE_URL: 'mysql://x',
      SUBSTATION_SECRET: 'short',
      SUBSTATION_CONFIG: 'none.ts',
    }),
  ).toEqual(
    expect.arrayContaining([
      'SUBSTATION_URL',
      'SUBSTATION_DATABASE_URL',
      'SUBSTATION_REDIS_URL',
      'SUBSTATION_SECRET',
      'SUBSTATION_FLEET_KEY',
    ]),
  )
  expect(await problemsOf({ ...whole, SUBSTATION_GITHUB_CLIENT_SECRET: undefined })).toContain(
    'SUBSTATION_GITHUB_CLIENT_SECRET',
  )
  expect(
    await problemsOf({ ...whole, SUBSTATION_GITHUB_CLIENT_ID: undefined, SUBSTATION_GITHUB_CLIENT_SECRET: undefined }),
  ).toEqual(['SUBSTATION_GITHUB_CLIENT_ID'])
  expect(await problemsOf({ ...whole, SUBSTATION_ADMINS: '' })).toEqual(['SUBSTATION_ADMINS'])
})

test.each(['https://ops.example.test/substation', 'https://ops.example.test/?a=1', 'https://ops.example.test/#a'])(
  'an address with more than a host, %s, is refused at the start with what to do instead',
  async url => {
    expect(await problemsOf({ ...whole, SUBSTATION_URL: url })).toEqual(['SUBSTATION_URL'])
    await expect(readSettings({ ...whole, SUBSTATION_URL: url })).rejects.toThrow(/host name of its own/)
  },
)

test('no message about a secret contains its value', async () => {
  const refused = readSettings({
    ...whole,
    SUBSTATION_SECRET: 'hunter2',
    SUBSTATION_DATABASE_URL: 'mysql://root:hunter2@x/y',
  })
  await expect(refused).rejects.toThrow(/SUBSTATION_SECRET/)
  await expect(refused).rejects.toThrow(/SUBSTATION_DATABASE_URL/)
  await expect(refused).rejects.not.toThrow(/hunter2/)
})

test('a whole configuration gives one environment, production by name', async () => {
  const settings = await readSettings(whole)
  expect(settings).toMatchObject({
    url: 'https://substation.example.test',
    mode: 'real',
    access: { admins: ['root@example.test'] },
  })
  expect(settings.environments).toMatchObject([
    { name: 'production', production: true, typedConfirmation: true, demo: false },
  ])
  expect(settings.providers).toMatchObject([
    { id: 'github', url: 'https://github.com', apiUrl: 'https://api.github.com' },
  ])
})

test('GitHub Enterprise and any OIDC issuer are set up by their URLs', async () => {
  const settings = await readSettings({
    ...whole,
    SUBSTATION_GITHUB_URL: 'https://git.corp.test',
    SUBSTATION_OIDC_CLIENT_ID: 'x',
    SUBSTATION_OIDC_CLIENT_SECRET: 'y',
    SUBSTATION_OIDC_URL: 'https://login.corp.test/',
  })
  expect(settings.providers).toMatchObject([
    { label: 'GitHub Enterprise', apiUrl: 'https://git.corp.test/api/v3' },
    { id: 'oidc', issuer: 'https://login.corp.test' },
  ])
})

test('the configuration file declares environments and what each watches', async () => {
  const file = configFile(`export default { environments: [
    { name: 'production', redis: [{ name: 'main', url: 'redis://10.0.0.1', prefixes: ['bull', 'jobs'] }], databases: [{ name: 'shop', url: 'postgres://10.0.0.2/shop', migrations: './migrations', hidden: ['public.salary'] }, { name: 'app', url: 'postgres://pooler/app', migrations: { folder: 'drizzle', url: 'postgres://10.0.0.9/app', journal: { schema: 'app' } } }] },
    { name: 'staging', fleetRedisUrl: 'redis://10.0.1.1' },
  ] }`)
  const { environments } = await readSettings({ ...whole, SUBSTATION_CONFIG: file })
  expect(environments).toMatchObject([
    {
      name: 'production',
      production: true,
      fleetRedisUrl: 'redis://127.0.0.1:6379',
      redis: [{ prefixes: ['bull', 'jobs'] }],
      databases: [
        {
          migrations: {
            folder: expect.stringMatching(/substation-config-.*\/migrations$/),
            url: 'postgres://10.0.0.2/shop',
          },
          hidden: ['public.salary'],
        },
        { migrations: { url: 'postgres://10.0.0.9/app', journal: { schema: 'app' } } },
      ],
    },
    { name: 'staging', production: false, fleetRedisUrl: 'redis://10.0.1.1' },
  ])
})

test('problems in the configuration file are reported by their path', async () => {
  const file = configFile(
    `export default { environments: [{ name: 'Prod!', redis: [{ name: 'x', url: 'http://y' }] }], surplus: 1 }`,
  )
  const problems = await problemsOf({ ...whole, SUBSTATION_CONFIG: file })
  expect(problems.some(problem => problem.endsWith('environments.0.name'))).toBe(true)
  expect(problems.some(problem => problem.endsWith('environments.0.redis.0.url'))).toBe(true)
  expect(await problemsOf({ ...whole, SUBSTATION_CONFIG: configFile('export default {') })).toHaveLength(1)
})

test('attached: bare variables are what is watched, and every act asks for the name', async () => {
  const { environments } = await readSettings({
    ...whole,
    SUBSTATION_MODE: 'attached',
    SUBSTATION_ENVIRONMENT: 'local',
    REDIS_URL: 'redis://10.0.0.1',
    DATABASE_URL: 'postgres://10.0.0.2/app',
  })
  expect(environments).toMatchObject([
    {
      name: 'local',
      production: false,
      typedConfirmation: true,
      redis: [{ url: 'redis://10.0.0.1' }],
      databases: [{ url: 'postgres://10.0.0.2/app' }],
    },
  ])
})

test('embedded: the demo database is watched with its migrations', async () => {
  const { environments } = await readSettings({
    ...whole,
    SUBSTATION_MODE: 'embedded',
    DEMO_DATABASE_URL: 'postgres://127.0.0.1/demo',
    DEMO_MIGRATIONS: '/here/demo/migrations',
  })
  expect(environments[0]?.databases).toEqual([
    {
      name: 'shop',
      url: 'postgres://127.0.0.1/demo',
      migrations: { folder: '/here/demo/migrations', url: 'postgres://127.0.0.1/demo' },
    },
  ])
})

test('the local console reads the file too where it is attached, and asks for names; the one with a demo does not', async () => {
  const file = configFile(
    `export default { environments: [{ name: 'shop', redis: [{ name: 'jobs', url: 'redis://127.0.0.1:1', prefixes: ['{orders}'] }] }] }`,
  )
  const attached = await readSettings({
    ...whole,
    SUBSTATION_MODE: 'attached',
    SUBSTATION_CONFIG: file,
    REDIS_URL: 'redis://other',
  })
  expect(attached.environments).toMatchObject([
    { name: 'shop', typedConfirmation: true, demo: false, redis: [{ name: 'jobs', prefixes: ['{orders}'] }] },
  ])
  const embedded = await readSettings({
    ...whole,
    SUBSTATION_MODE: 'embedded',
    SUBSTATION_CONFIG: file,
    SUBSTATION_ENVIRONMENT: 'demo',
  })
  expect(embedded.environments).toMatchObject([{ name: 'demo', demo: true, redis: [] }])
})
