import { expect, test } from 'vitest'
import { z } from 'zod'
import { problemsOf, redactInput, sensitive } from './input.ts'

test('a sensitive field is replaced wherever it is, and nothing else is', () => {
  const schema = z.object({
    name: z.string(),
    password: sensitive(z.string()),
    inner: z.object({ token: sensitive(z.string()).optional(), size: z.number() }).optional(),
  })
  expect(redactInput(schema, { name: 'a', password: 'hunter2', inner: { token: 'hunter2', size: 3 } })).toEqual({
    name: 'a',
    password: '[hidden]',
    inner: { token: '[hidden]', size: 3 },
  })
})

test('a sensitive field is replaced inside lists and alternatives too', () => {
  const card = z.discriminatedUnion('by', [
    z.object({ by: z.literal('key'), key: sensitive(z.string()) }),
    z.object({ by: z.literal('name'), name: z.string() }),
  ])
  const schema = z.object({ list: z.array(card) })
  expect(
    redactInput(schema, {
      list: [
        { by: 'key', key: 'hunter2' },
        { by: 'name', name: 'x' },
      ],
    }),
  ).toEqual({
    list: [
      { by: 'key', key: '[hidden]' },
      { by: 'name', name: 'x' },
    ],
  })
})

test('problems are reported by path, in plain words', () => {
  const schema = z.strictObject({
    name: z.string().min(1).max(3),
    count: z.number().int().min(1),
    kind: z.enum(['a', 'b']),
  })
  const error = schema.safeParse({ name: 'long', count: 0, kind: 'c', more: 1 }, { reportInput: true }).error
  expect(error && problemsOf(error)).toEqual({
    name: 'must have at most 3 characters',
    count: 'must be at least 1',
    kind: 'must be one of: a, b',
    more: 'is not a known field',
  })
})
