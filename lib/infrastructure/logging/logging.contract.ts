import { describe, expect, test } from 'vitest'
import { Secret } from '../config/index.ts'
import type { LogContext, Logger, LogThreshold } from './port.ts'

export interface LoggerUnderTest {
  logger: Logger
  /** Everything written so far, as text. */
  output(): string
}

/** What every logging adapter guarantees. `setup` makes a root logger whose output the suite can read. */
export function loggingContract(name: string, setup: (level: LogThreshold, context?: LogContext) => LoggerUnderTest) {
  describe(`${name} logger`, () => {
    test('writes messages of its level and above, with their context', () => {
      const { logger, output } = setup('warn')
      logger.info('quiet')
      logger.warn('loud', { cache: 'catalog', ms: 41 })
      logger.fatal('last')
      expect(output()).not.toContain('quiet')
      expect(output()).toMatch(/loud/)
      expect(output()).toMatch(/catalog/)
      expect(output()).toMatch(/41/)
      expect(output()).toMatch(/last/)
      expect([logger.isEnabled('info'), logger.isEnabled('warn')]).toEqual([false, true])
    })

    test('a level set on any logger of a family applies to all of it at once', () => {
      const { logger, output } = setup('error')
      const child = logger.child({ part: 'a' })
      const grandchild = child.child({ part: 'b' })
      child.setLevel('debug')
      logger.debug('from-root')
      grandchild.debug('from-grandchild')
      expect(output()).toContain('from-root')
      expect(output()).toContain('from-grandchild')
      expect([logger.level, grandchild.level]).toEqual(['debug', 'debug'])
      logger.setLevel('silent')
      grandchild.fatal('muted')
      expect(output()).not.toContain('muted')
    })

    test('a child adds its context to each of its lines, and not to those of the root', () => {
      const { logger, output } = setup('info', { service: 'checkout' })
      const child = logger.child({ request: 'r-1' })
      child.info('first')
      child.info('second', { step: 's-2' })
      logger.info('third')
      const [first, second, third] = output().trim().split('\n')
      expect(first).toMatch(/checkout.*r-1|r-1.*checkout/)
      expect(second).toContain('r-1')
      expect(second).toContain('s-2')
      expect(third).toContain('checkout')
      expect(third).not.toContain('r-1')
    })

    test('an error is written with its type, code, stack and every cause', () => {
      const { logger, output } = setup('info')
      const root = Object.assign(new Error('socket closed'), { code: 'ECONNRESET' })
      const middle = new TypeError('query failed', { cause: root })
      logger.error('order not saved', new Error('order lost', { cause: middle }))
      logger.error('again', { attempt: 2, failure: middle })
      for (const part of [
        'order lost',
        'TypeError',
        'query failed',
        'socket closed',
        'ECONNRESET',
        'logging.contract.',
      ]) {
        expect(output()).toContain(part)
      }
      expect(output().match(/query failed/g)!.length).toBeGreaterThanOrEqual(2)
    })

    test('secrets are not written, at any depth, in any shape', () => {
      const { logger, output } = setup('trace')
      const headers = { Authorization: 'hunter2', 'set-cookie': ['hunter2'], 'X-Api-Key': 'hunter2' }
      logger.child({ token: 'hunter2' }).info('connect to redis://app:hunter2@host', {
        password: 'hunter2',
        nested: {
          list: [{ db_password: 'hunter2', accessToken: { raw: 'hunter2' } }],
          headers: new Headers([['cookie', 'hunter2']]),
        },
        request: { headers },
        key: new Secret('hunter2'),
        map: new Map([['clientSecret', 'hunter2']]),
        url: new URL('postgres://app:hunter2@db/app'),
        error: new Error('GET /x?token=hunter2 failed', {
          cause: Object.assign(new Error('inner'), { apiKey: 'hunter2' }),
        }),
        usage: { inputTokens: 1234, hasPassword: true },
      })
      expect(output()).not.toContain('hunter2')
      expect(output()).toContain('1234')
      expect(output()).toContain('redis://app:***@host')
    })

    test('no argument makes it throw', () => {
      const { logger, output } = setup('info')
      const circle: Record<string, unknown> = { name: 'circle' }
      circle.self = circle
      const selfCaused = new Error('self-caused')
      selfCaused.cause = selfCaused
      const rude = {
        get broken(): never {
          throw new Error('no')
        },
      }
      logger.info('odd values', {
        circle,
        big: 12345678901234567890n,
        rude,
        date: new Date(Number.NaN),
        deep: JSON.parse(`${'{"a":'.repeat(50)}1${'}'.repeat(50)}`),
        undef: undefined,
        fn() {},
        symbol: Symbol('s'),
        nan: Number.NaN,
        long: 'x'.repeat(100_000),
        many: Array.from({ length: 5000 }, (_, i) => i),
        bytes: new Uint8Array(5000),
        selfCaused,
      })
      expect(output()).toContain('12345678901234567890')
      expect(output()).toContain('circular')
      expect(output().length).toBeLessThan(40_000)
    })

    test('values of every kind are written as what they are', () => {
      const { logger, output } = setup('info')
      const bare = new RangeError('no stack here')
      delete bare.stack
      logger.info('kinds', {
        at: new Date('2026-01-02T03:04:05.006Z'),
        money: { toJSON: () => '7 EUR' },
        settings: { toJSON: 'not a function' },
        nameless: (() => () => {})(),
        wide: Object.fromEntries(Array.from({ length: 150 }, (_, at) => [`k${at}`, at])),
        job: { type: 'mail', message: 5, stack: ['a'] },
        bare,
      })
      for (const part of [
        '2026-01-02T03:04:05.006Z',
        '7 EUR',
        'not a function',
        'anonymous',
        '50 more',
        'mail',
        'no stack here',
      ])
        expect(output()).toContain(part)
    })

    test.each<[string, unknown, string]>([
      ['a list', ['first', 'second'], 'second'],
      ['an error', new TypeError('as context'), 'as context'],
      ['a date', new Date('2026-01-02T00:00:00Z'), '2026-01-02'],
    ])('%s in place of a context is written', (_, context, expected) => {
      const { logger, output } = setup('info')
      logger.info('odd', context as LogContext)
      expect(output()).toContain(expected)
    })

    test('a message cannot forge a second line', () => {
      const { logger, output } = setup('info')
      logger.info('one\n{"level":"fatal","message":"forged"}\u001b[31m', { user: 'a\nb' })
      expect(output().trim().split('\n')).toHaveLength(1)
      expect(output()).not.toContain('\u001b')
    })
  })
}
