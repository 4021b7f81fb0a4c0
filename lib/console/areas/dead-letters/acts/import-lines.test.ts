import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readLines } from './import-lines.ts'

const sound = (id: string) => JSON.stringify({ id, failedAt: 1, fields: { name: 'send', opts: '{}', data: '{"a":1}' } })

test('whatever is in a file, the first line that is no dead letter is named by its number, and none is imported', () => {
  const wrong = fc.constantFrom(
    'no json',
    '[]',
    '{}',
    JSON.stringify({ id: 'x', failedAt: 1, fields: { name: 'send' } }),
    JSON.stringify({ id: 'x', failedAt: 1, fields: { name: 'send', opts: '[]' } }),
    JSON.stringify({ id: 'x', failedAt: 1, fields: { name: 'send', opts: '{}', data: '{' } }),
    JSON.stringify({ id: 'x', failedAt: -1, fields: { name: 'send', opts: '{}' } }),
    JSON.stringify({ id: 'x', failedAt: 1, fields: { name: 'send', opts: '{}' }, redacted: ['data'] }),
    JSON.stringify({ id: 'x', failedAt: 1, fields: { name: 'send', opts: '{}', 'substation:run': 'r' } }),
  )
  fc.assert(
    fc.property(fc.nat(20), fc.nat(5), fc.array(fc.constantFrom('', ' ')), wrong, (before, after, blank, line) => {
      const first = Array.from({ length: before }, (_, at) => sound(`a${at}`))
      const last = Array.from({ length: after }, (_, at) => sound(`b${at}`))
      const read = readLines([...first, ...blank, line, ...last].join('\n'))
      expect(read).toMatchObject({ ok: false, line: before + blank.length + 1 })
    }),
  )
})

test('a sound file is read as it is; a second line with one id names the first, and an empty file is none', () => {
  const text = [sound('a'), '', sound('b'), ''].join('\n')
  expect(readLines(text)).toEqual({
    ok: true,
    jobs: ['a', 'b'].map(id => ({ id, failedAt: 1, fields: { name: 'send', opts: '{}', data: '{"a":1}' } })),
  })
  expect(readLines([sound('a'), sound('b'), sound('a')].join('\n'))).toEqual({
    ok: false,
    line: 3,
    problem: 'has the id of line 1',
  })
  expect(readLines('\n')).toMatchObject({ ok: false })
})
