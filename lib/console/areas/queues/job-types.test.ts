import { expect, test } from 'vitest'
import { z } from 'zod'
import { exampleOf } from './example-payload.ts'
import { problemOf } from './job-types.ts'

const Order = z.object({
  id: z.string().min(3),
  cents: z.int().positive(),
  mail: z.email(),
  placedAt: z.iso.datetime(),
  kind: z.enum(['new', 'again']),
  lines: z.array(z.object({ sku: z.string() })).min(1),
  gift: z.boolean(),
  note: z.string().optional(),
  tries: z.number().default(3),
})
const schema = z.toJSONSchema(Order)

test('an example has what is required, and is accepted by its own schema', () => {
  const example = exampleOf(schema)
  expect(example).toEqual({
    id: 'xxx',
    cents: 1,
    mail: 'someone@example.com',
    placedAt: '2026-01-31T12:00:00Z',
    kind: 'new',
    lines: [{ sku: '' }],
    gift: false,
    tries: 3,
  })
  expect(problemOf(schema, example)).toBeUndefined()
  expect(Order.safeParse(example).success).toBe(true)
})

test('what does not fit is named with its field', () => {
  expect(problemOf(schema, { ...(exampleOf(schema) as object), lines: [{ sku: 7 }] })).toMatch(/^lines\.0\.sku: /)
  expect(problemOf(schema, {})).toMatch(/id: /)
})

test('references, choices and schemas that refer to themselves end', () => {
  const tree = {
    $ref: '#/$defs/Node',
    $defs: { Node: { type: 'object', required: ['child'], properties: { child: { $ref: '#/$defs/Node' } } } },
  }
  expect(JSON.stringify(exampleOf(tree)).length).toBeLessThan(200)
  expect(exampleOf({ anyOf: [{ type: ['integer', 'null'], exclusiveMinimum: 4 }] })).toBe(5)
  expect(exampleOf({ $ref: 'https://elsewhere.example/schema' })).toBeNull()
  expect(exampleOf({})).toBeNull()
})

test('a schema that cannot be read, and its regular expressions, decide nothing', () => {
  expect(problemOf({ type: 'no such type' }, 1)).toBeUndefined()
  expect(problemOf({ type: 'string', pattern: '^(a+)+$' }, `${'a'.repeat(40)}!`)).toBeUndefined()
  const named = { type: 'object', properties: { pattern: { type: 'string' } }, required: ['pattern'] }
  expect(problemOf(named, { pattern: 7 })).toMatch(/^pattern: /)
})
