import { inspect } from 'node:util'
import { expect, expectTypeOf, test } from 'vitest'
import { z } from 'zod'
import { ConfigError, defineSlice, field, isSecret, maskUrl, readConfig, Secret } from './index.ts'

const mail = defineSlice(
  {
    MAIL_URL: field.url('smtp', 'smtps').describe('the mail server'),
    MAIL_PORT: field.port().default(25),
    MAIL_KEY: field.secret({ minLength: 8 }).optional(),
  },
  env => ({ url: env.MAIL_URL, port: env.MAIL_PORT, key: env.MAIL_KEY }),
)
const jobs = defineSlice(
  { JOBS_CONCURRENCY: field.integer({ min: 1, max: 50 }), JOBS_KIND: z.enum(['redis', 'memory']).default('redis') },
  env => env,
)

function problemsOf(read: () => unknown) {
  try {
    read()
  } catch (error) {
    if (error instanceof ConfigError) return error
  }
  throw new Error('expected a ConfigError')
}

test('slices compose into one typed configuration, defaults filled in', () => {
  const config = readConfig({ mail, jobs }, { MAIL_URL: 'smtp://mail.local', JOBS_CONCURRENCY: '4', UNRELATED: 'x' })
  expect(config).toEqual({
    mail: { url: 'smtp://mail.local', port: 25, key: undefined },
    jobs: { JOBS_CONCURRENCY: 4, JOBS_KIND: 'redis' },
  })
  expectTypeOf(config.mail.port).toEqualTypeOf<number>()
  expectTypeOf(config.mail.key).toEqualTypeOf<Secret | undefined>()
  expectTypeOf(config.jobs.JOBS_KIND).toEqualTypeOf<'redis' | 'memory'>()
})

test('every missing and malformed variable of every slice is listed at once, in plain words', () => {
  const error = problemsOf(() =>
    readConfig(
      { mail, jobs },
      { MAIL_PORT: 'twenty', MAIL_KEY: 'hunter2', JOBS_CONCURRENCY: '99', JOBS_KIND: 'kafka' },
    ),
  )
  expect(error.problems).toEqual([
    { variable: 'MAIL_URL', problem: 'is missing: the mail server' },
    { variable: 'MAIL_PORT', problem: 'must be a whole number' },
    { variable: 'MAIL_KEY', problem: 'must have at least 8 characters' },
    { variable: 'JOBS_CONCURRENCY', problem: 'must be at most 50' },
    { variable: 'JOBS_KIND', problem: 'must be one of redis, memory' },
  ])
  expect(error.message).toContain('5 problems')
  expect(error.message).toContain('MAIL_URL is missing')
})

test('an error never repeats what was given', () => {
  const given = 'postgres://app:hunter2@db/app'
  const slice = defineSlice(
    { A: field.url('redis'), B: field.secret({ minLength: 99 }), C: field.duration() },
    env => env,
  )
  const error = problemsOf(() => readConfig({ slice }, { A: given, B: given, C: given }))
  expect(error.problems).toHaveLength(3)
  expect(inspect(error, { depth: 9 })).not.toContain('hunter2')
})

test('an empty variable counts as absent', () => {
  expect(readConfig({ jobs }, { JOBS_CONCURRENCY: '1', JOBS_KIND: '  ' }).jobs.JOBS_KIND).toBe('redis')
})

test('a slice can refuse half a pair, and two slices that share a variable complain of it once', () => {
  const pair = defineSlice({ ID: z.string().optional(), KEY: z.string().optional() }, (env, complain) => {
    if (env.ID && !env.KEY) complain('KEY', 'is missing: ID is set, and one needs the other')
    return env
  })
  expect(problemsOf(() => readConfig({ a: pair, b: pair }, { ID: 'x' })).problems).toEqual([
    { variable: 'KEY', problem: 'is missing: ID is set, and one needs the other' },
  ])
})

test('a slice documents its variables', () => {
  expect(mail.variables).toEqual([
    { name: 'MAIL_URL', required: true, description: 'the mail server' },
    { name: 'MAIL_PORT', required: false, default: '25', range: { min: 0, max: 65_535 } },
    { name: 'MAIL_KEY', required: false },
  ])
  expect(jobs.variables[1]).toEqual({
    name: 'JOBS_KIND',
    required: false,
    default: 'redis',
    values: ['redis', 'memory'],
  })
  const other = defineSlice(
    {
      WAIT: field.duration().default(90_000).describe('how long'),
      PEOPLE: field.list().default([]),
      FOLLOW: field.boolean().default(false),
    },
    env => env,
  )
  expect(other.variables).toEqual([
    { name: 'WAIT', required: false, description: 'how long', default: '90s' },
    { name: 'PEOPLE', required: false },
    { name: 'FOLLOW', required: false, default: 'false' },
  ])
})

test.each([
  ['250ms', 250],
  ['30s', 30_000],
  ['1.5m', 90_000],
  ['2h', 7_200_000],
  ['1d', 86_400_000],
  ['40', 40],
])('the duration %s is %d ms', (text, ms) => {
  expect(field.duration().parse(text)).toBe(ms)
})

test('booleans and lists read as people write them', () => {
  expect(['TRUE', '1', 'yes', 'on'].map(text => field.boolean().parse(text))).toEqual([true, true, true, true])
  expect(['false', '0', 'No', 'off'].map(text => field.boolean().parse(text))).toEqual([false, false, false, false])
  expect(field.boolean().safeParse('maybe').success).toBe(false)
  expect(field.list().parse(' a, b,,c ')).toEqual(['a', 'b', 'c'])
})

test('a secret prints as [secret] everywhere and is revealed only on request', () => {
  const secret = new Secret('hunter2')
  expect(secret.reveal()).toBe('hunter2')
  expect(isSecret(secret)).toBe(true)
  expect(isSecret({ reveal: () => 'x' })).toBe(false)
  for (const printed of [
    `${secret}`,
    JSON.stringify({ secret }),
    inspect({ secret }),
    inspect(secret, { showHidden: true }),
  ]) {
    expect(printed).toContain('[secret]')
    expect(printed).not.toContain('hunter2')
  }
  expect(JSON.stringify(Object.entries(secret))).not.toContain('hunter2')
})

test.each([
  ['redis://:hunter2@host:6379/0', 'redis://:***@host:6379/0'],
  [
    'cannot reach postgres://app:hun@ter2@db:5432/app?x=1 today',
    'cannot reach postgres://app:***@db:5432/app?x=1 today',
  ],
  ['https://example.com:8080/a@b', 'https://example.com:8080/a@b'],
  ['postgres://app@db/app', 'postgres://app@db/app'],
  ['a=redis://u:p1@h b=redis://u:p2@h', 'a=redis://u:***@h b=redis://u:***@h'],
])('maskUrl hides the password in %s', (text, masked) => {
  expect(maskUrl(text)).toBe(masked)
})

test.each([
  ['a number that is not whole', z.coerce.number().int(), '1.5', 'must be a number'],
  ['text where a number is expected', z.number(), 'many', 'must be a number'],
  ['text where true or false is expected', z.boolean(), 'x', 'must be a boolean'],
  ['a number below an included bound', field.integer({ min: 3 }), '2', 'must be at least 3'],
  ['a number at an excluded lower bound', z.coerce.number().gt(3), '3', 'must be more than 3'],
  ['a number at an excluded upper bound', z.coerce.number().lt(3), '3', 'must be less than 3'],
  ['text that is too long', z.string().max(2), 'abc', 'must have at most 2 characters'],
  ['text of another form', z.string().regex(/^a/), 'b', 'does not have the expected form'],
  ['text of another known format', z.email(), 'b', 'must be a valid email'],
  ['no URL at all', field.url(), 'not a url', 'must be a URL'],
  ['a URL without a host', field.url('http'), 'http://', 'must be a URL that starts with http://'],
  [
    'what zod has no words for',
    z
      .string()
      .transform(text => ({ [text]: 1 }))
      .pipe(z.strictObject({})),
    'b',
    'is not valid',
  ],
  [
    'one of several values in it',
    z
      .string()
      .transform(text => text.split(',').map(Number))
      .pipe(z.array(z.number().min(2))),
    '3,1',
    '1: must be at least 2',
  ],
])('%s is described by what is expected', (_, schema: z.ZodType, given, problem) => {
  const slice = defineSlice({ VALUE: schema }, env => env)
  expect(problemsOf(() => readConfig({ slice }, { VALUE: given })).problems).toEqual([{ variable: 'VALUE', problem }])
})

test('a variable without a description is missing without one', () => {
  const slice = defineSlice({ VALUE: z.string() }, env => env)
  expect(problemsOf(() => readConfig({ slice }, {})).message).toContain('VALUE is missing')
})

test('a default is documented as it would be written, and a range only where it has two ends', () => {
  const slice = defineSlice(
    {
      ODD: field.duration().default(1_500),
      NONE: field.duration().default(0),
      PEOPLE: field.list().default(['a', 'b']),
      COUNT: field.integer({ min: 1 }),
    },
    env => env,
  )
  expect(slice.variables).toEqual([
    { name: 'ODD', required: false, default: '1500ms' },
    { name: 'NONE', required: false, default: '0ms' },
    { name: 'PEOPLE', required: false, default: 'a,b' },
    { name: 'COUNT', required: true },
  ])
})
