import { execFileSync } from 'node:child_process'
import { expect, onTestFinished, test, vi } from 'vitest'
import { ConfigError, readConfig } from '../config/index.ts'
import { consoleLogger } from './adapters/console.ts'
import { pinoLogger } from './adapters/pino.ts'
import { createLogger, loggerFamily, loggingConfig } from './index.ts'
import { loggingContract } from './logging.contract.ts'

const clock = { now: () => Date.UTC(2026, 0, 2, 3, 4, 5, 6), monotonic: () => 0 }

loggingContract('pino', (level, context) => {
  const lines: string[] = []
  return {
    logger: pinoLogger({ level, context, clock, write: line => void lines.push(line) }),
    output: () => lines.join(''),
  }
})

loggingContract('console', (level, context) => {
  const lines: string[] = []
  const logger = consoleLogger({ level, context, clock, colours: false, write: line => void lines.push(line) })
  return { logger, output: () => lines.join('') }
})

test("pino writes one JSON object per line, and context cannot overwrite the line's own keys", () => {
  const lines: string[] = []
  const logger = pinoLogger({
    level: 'info',
    context: { service: 'checkout' },
    clock,
    write: line => void lines.push(line),
  })
  logger.child({ request: 7, ms: 'unknown' }).warn('slow', { level: 'mine', message: 'mine', time: 'mine', ms: 12 })
  expect(JSON.parse(lines[0]!)).toEqual({
    level: 'warn',
    time: '2026-01-02T03:04:05.006Z',
    service: 'checkout',
    request: 7,
    ms: 12,
    level_: 'mine',
    message_: 'mine',
    time_: 'mine',
    message: 'slow',
  })
  expect(lines[0]!.match(/"level":/g)).toHaveLength(1)
  expect(lines[0]!.match(/"ms":/g)).toHaveLength(1)
})

test('pino carries errors as data: type, message, code, stack, cause', () => {
  const lines: string[] = []
  const logger = pinoLogger({ level: 'info', clock, write: line => void lines.push(line) })
  const cause = new AggregateError([new Error('v6 refused')], 'no address answered')
  logger.error('failed', new Error('outer', { cause }))
  expect(JSON.parse(lines[0]!).error).toMatchObject({
    type: 'Error',
    message: 'outer',
    stack: expect.stringContaining('logging.test.ts'),
    cause: { type: 'AggregateError', message: 'no address answered', errors: [{ message: 'v6 refused' }] },
  })
})

test('console writes lines for people', () => {
  const lines: string[] = []
  const logger = consoleLogger({ level: 'info', clock, colours: false, write: line => void lines.push(line) })
  const error = new Error('outer', { cause: new TypeError('inner') })
  error.stack = 'Error: outer\n    at here (file.ts:1:2)'
  error.cause = Object.assign(error.cause as Error, { stack: 'TypeError: inner\n    at there (file.ts:3:4)' })
  logger.child({ cache: 'catalog' }).warn('cache is slow', { ms: 41, note: 'two words', error })
  expect(lines.join('').split('\n')).toEqual([
    '03:04:05.006 WARN  cache is slow  cache=catalog ms=41 note="two words"',
    '  error: Error: outer',
    '    at here (file.ts:1:2)',
    '  caused by: TypeError: inner',
    '    at there (file.ts:3:4)',
    '',
  ])
})

test('a destination that fails does not fail the caller', () => {
  const logger = loggerFamily({
    level: 'info',
    write: () => {
      throw new Error('ENOSPC')
    },
  })
  expect(() => logger.info('still here')).not.toThrow()
})

test('configuration: by default info, and the format that suits the output; invalid values are refused in plain words', () => {
  expect(readConfig({ logging: loggingConfig }, {}).logging).toEqual({ level: 'info', format: undefined })
  expect(() => readConfig({ logging: loggingConfig }, { SUBSTATION_LOG_LEVEL: 'loud' })).toThrow(ConfigError)
  expect(() => readConfig({ logging: loggingConfig }, { SUBSTATION_LOG_LEVEL: 'loud' })).toThrow(
    /must be one of trace, debug/,
  )
})

test('console colours what it writes where that is wanted', () => {
  const lines: string[] = []
  const logger = consoleLogger({ level: 'info', clock, colours: true, write: line => void lines.push(line) })
  logger.warn('slow', { ms: 41 })
  expect(lines[0]).toContain('\u001b[33mWARN \u001b[39m slow')
})

test.each([
  ['json', '{"level":"info","service":"checkout","time":"'],
  ['text', ' INFO  ready  service=checkout'],
  // Its output is not a terminal.
  [undefined, '{"level":"info","service":"checkout","time":"'],
])('a process with the format %s writes to its standard output', (format, expected) => {
  const index = new URL('./index.ts', import.meta.url).href
  const program = `
    const { createLogger } = await import(${JSON.stringify(index)})
    const logger = await createLogger(${JSON.stringify({ level: 'info', format })}, { service: 'checkout' })
    logger.debug('quiet')
    logger.info('ready')`
  const out = execFileSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8' })
  expect(out).toContain(expected)
  expect(out.trim().split('\n')).toHaveLength(1)
})

test.each(['json', 'text', undefined] as const)(
  'a logger of the format %s has the level of the configuration',
  async format => {
    const logger = await createLogger({ level: 'warn', ...(format ? { format } : {}) })
    expect([logger.level, logger.isEnabled('info'), logger.isEnabled('warn')]).toEqual(['warn', false, true])
  },
)

test('on a terminal it is text', async () => {
  const before = process.stdout.isTTY
  const write = vi.spyOn(process.stdout, 'write').mockReturnValue(true)
  onTestFinished(() => {
    process.stdout.isTTY = before
    write.mockRestore()
  })
  process.stdout.isTTY = true
  const logger = await createLogger({ level: 'info' })
  logger.info('ready')
  expect(write.mock.calls.map(([text]) => String(text)).join('')).toMatch(/INFO .* ready\n/)
})
