import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { failureOf } from './failure.ts'

const stackOf = (name: string, error: string, frames: readonly string[] = []) =>
  [`${name}: ${error}`, ...frames.map(frame => `    at ${frame}`)].join('\n')

const number = fc.nat().map(String)
const word = fc.stringMatching(/^[a-z]{3,9}$/)
const hex = fc.stringMatching(/^[0-9a-f]{6}[0-9][a-f][0-9a-f]{6}$/)
const quoted = fc.stringMatching(/^[a-z0-9 /:@.]{0,20}$/).map(text => `"${text}"`)
const url = fc.webUrl({ withQueryParameters: true }).filter(text => !/["'`<>)\]]/.test(text))
const email = fc.tuple(word, word).map(([user, host]) => `${user}@${host}.example`)
/** What differs from job to job, each with two values of its kind. */
const differing = fc.oneof(...[number, hex, fc.uuid(), quoted, url, email].map(kind => fc.tuple(kind, kind)))

test('messages that differ in ids, numbers, addresses and quoted values only are of one kind', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(word, differing), { minLength: 1, maxLength: 6 }), word, (parts, job) => {
      const [first, second] = [0, 1].map(at => parts.map(([text, values]) => `${text} ${values[at]}`).join(' '))
      const kindOf = (error: string) => failureOf({ name: job, error, stack: stackOf('MailError', error) })
      expect(kindOf(first ?? '')).toEqual(kindOf(second ?? ''))
    }),
  )
})

test('messages with different words are of different kinds, and so are different jobs, classes and frames', () => {
  fc.assert(
    fc.property(fc.uniqueArray(word, { minLength: 2, maxLength: 2 }), number, ([one = '', other = ''], value) => {
      const of = (change: { name?: string; words?: string; type?: string; frame?: string }) => {
        const { name = 'send', words = 'refused', type = 'MailError', frame = 'deliver' } = change
        const error = `${words} ${value}`
        return failureOf({ name, error, stack: stackOf(type, error, [`${frame} (/app/src/mail/send.js:10:3)`]) })
          .fingerprint
      }
      for (const field of ['name', 'words', 'frame'] as const)
        expect(of({ [field]: one })).not.toBe(of({ [field]: other }))
      expect(of({ type: `${one.toUpperCase()}Error` })).not.toBe(of({ type: `${other.toUpperCase()}Error` }))
    }),
  )
})

test('whatever is in a job, it has a fingerprint, and the same one each time', () => {
  fc.assert(
    fc.property(fc.string(), fc.string({ unit: 'binary' }), fc.string(), (name, error, stack) => {
      const found = failureOf({ name, error, stack })
      expect(found.fingerprint).toMatch(/^[0-9a-f]{16}$/)
      expect(failureOf({ name, error, stack })).toEqual(found)
      expect(found.pattern.length).toBeLessThanOrEqual(500)
    }),
  )
})

describe('what is read', () => {
  test.each([
    ['TypeError: x', 'x', 'TypeError', undefined],
    ['TypeError [ERR_INVALID_ARG_TYPE]: x', 'x', 'TypeError', 'ERR_INVALID_ARG_TYPE'],
    ['Error: connect ECONNREFUSED 10.0.0.7:5432', 'connect ECONNREFUSED 10.0.0.7:5432', 'Error', 'ECONNREFUSED'],
    ['Refused: by the bank', 'by the bank', 'Refused', undefined],
    ['Note: nothing of a class', 'Note: nothing of a class', undefined, undefined],
    ['Error: Request failed with status code 502', 'Request failed with status code 502', 'Error', 'HTTP 502'],
  ])('of %s', (stack, error, type, code) => {
    const found = failureOf({ name: 'x', error, stack })
    expect([found.class, found.code]).toEqual([type, code])
  })

  test('two HTTP statuses are two kinds, two addresses of one server one kind', () => {
    const of = (error: string) => failureOf({ name: 'x', error }).fingerprint
    expect(of('status code 502')).not.toBe(of('status code 404'))
    expect(of('connect ECONNREFUSED 10.0.0.7:5432')).toBe(of('connect ECONNREFUSED 192.168.100.1:6432'))
  })

  test('the first own frame, wherever the service is installed and whatever its bundle is called', () => {
    const frames = (root: string, hash: string, line: number) =>
      stackOf('Error', 'x', [
        'node:internal/process/task_queues:95:5',
        `Client.send (${root}/node_modules/smtp/lib/client.js:1:2)`,
        `async deliver (file://${root}/dist/send-${hash}.js:${line}:7)`,
        `Worker.processFn (${root}/dist/main.js:1:1)`,
      ])
    const one = failureOf({ name: 'x', error: 'x', stack: frames('/srv/releases/2024-01-02', '4f3a9c1b', 12) })
    const two = failureOf({ name: 'x', error: 'x', stack: frames('/home/app', '99ab77de', 40) })
    expect(one.frame).toBe('deliver dist/send.js')
    expect(two.fingerprint).toBe(one.fingerprint)
  })

  test('a message keeps its words', () => {
    const { pattern } = failureOf({
      name: 'x',
      error: "order 17 of cus_9s8Df2 (ada@example.org) can't be sent to 'Berlin' via https://mail.example/a?b=1",
    })
    expect(pattern).toBe("order <n> of <id> (<email>) can't be sent to <text> via <url>")
  })
})
