import { expect, test } from 'vitest'
import { RefusedStartError, startOf } from './mode.ts'

const env = (variables: Record<string, string>) => variables as unknown as NodeJS.ProcessEnv

test('nothing configured: embedded, on loopback', () => {
  expect(startOf(env({}), [])).toEqual({ mode: 'embedded', host: '127.0.0.1', port: 4600, dev: false })
})

test('bare REDIS_URL or DATABASE_URL: attached', () => {
  expect(startOf(env({ REDIS_URL: 'redis://x' }), []).mode).toBe('attached')
  expect(startOf(env({ DATABASE_URL: 'postgres://x' }), []).mode).toBe('attached')
})

test('servers declared in a configuration file: attached', () => {
  expect(startOf(env({}), [], true).mode).toBe('attached')
  expect(startOf(env({ SUBSTATION_DATABASE_URL: 'postgres://x' }), [], true).mode).toBe('real')
})

test('a server or provider of the console itself: for real, whatever else is set', () => {
  expect(startOf(env({ SUBSTATION_DATABASE_URL: 'postgres://x', DATABASE_URL: 'postgres://y' }), []).mode).toBe('real')
  expect(startOf(env({ SUBSTATION_GITHUB_CLIENT_ID: 'x' }), []).mode).toBe('real')
})

test.each([
  [['--host', '0.0.0.0'], {}],
  [['-H=10.0.0.1'], {}],
  [[], { SUBSTATION_HOST: '0.0.0.0' }],
])("listening elsewhere without a provider of one's own is refused with the reason: %j %j", (args, variables) => {
  expect(() => startOf(env(variables as Record<string, string>), args as string[])).toThrow(RefusedStartError)
  expect(() => startOf(env(variables as Record<string, string>), args as string[])).toThrow(
    /anyone who reaches this console/,
  )
})

test('for real it listens where it is configured to', () => {
  expect(
    startOf(env({ SUBSTATION_DATABASE_URL: 'postgres://x', SUBSTATION_HOST: '10.0.0.1', PORT: '8080' }), []),
  ).toEqual({ mode: 'real', host: '10.0.0.1', port: 8080, dev: false })
})

test('a port that is none is refused', () => {
  for (const port of ['0', '70000', 'web']) expect(() => startOf(env({ PORT: port }), [])).toThrow(RefusedStartError)
})
