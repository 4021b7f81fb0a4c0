import { expect, test } from 'vitest'
import { z } from 'zod'
import { exampleOf } from './example-payload.ts'
import { jobTypeRows, problemOf } from './job-types.ts'

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

test('what is no schema has no example, and the queue is shown all the same', () => {
  const odd = {
    type: 'object',
    required: ['m', 7, 'text', 'constructor'],
    properties: { m: true, text: { type: 'string', minLength: -1 } },
  }
  expect(exampleOf(odd)).toEqual({ m: null, text: '', constructor: null })
  expect(exampleOf({ type: 'object', required: null, properties: null })).toEqual({})
  expect(exampleOf({ type: 'string', format: 'constructor' })).toBe('')
  const refused = {
    type: 'object',
    get required(): never {
      throw new Error('not readable')
    },
  }
  const whole = { type: 'boolean' }
  expect(
    jobTypeRows([
      { name: 'refused', version: 1, schema: refused },
      { name: 'long', version: 1, schema: { default: 'x'.repeat(70_000) } },
      { name: 'whole', version: 2, schema: whole },
    ]),
  ).toEqual([
    { name: 'refused', version: 1 },
    { name: 'long', version: 1 },
    { name: 'whole', version: 2, example: 'false' },
  ])
})

test('an example has a limited number of values, however often its schema refers to itself', () => {
  const itself = (required: string[]) => {
    const properties = Object.fromEntries(required.map(name => [name, { $ref: '#/$defs/Node' }]))
    return { $ref: '#/$defs/Node', $defs: { Node: { type: 'object', required, properties } } }
  }
  expect(JSON.stringify(exampleOf(itself(Array<string>(200).fill('a')))).match(/"a"/g)?.length).toBeLessThan(10)
  const wide = JSON.stringify(exampleOf(itself(Array.from({ length: 60 }, (_, at) => `n${at}`))))
  expect(wide.match(/\{/g)?.length).toBeLessThanOrEqual(500)
})

test('where a pattern decides which names are allowed, no name is refused; a property may be named like a keyword', () => {
  const byPattern = {
    type: 'object',
    properties: { id: { type: 'integer' } },
    patternProperties: { '^x-': { type: 'string' } },
    additionalProperties: false,
  }
  expect(problemOf(byPattern, { id: 1, 'x-trace': 'a' })).toBeUndefined()
  expect(problemOf(byPattern, { id: 'one' })).toMatch(/^id: /)
  const named = {
    type: 'object',
    properties: { patternProperties: { type: 'integer' } },
    additionalProperties: false,
  }
  expect(problemOf(named, { patternProperties: 7 })).toBeUndefined()
  expect(problemOf(named, { other: 7 })).toBeDefined()
})

test('a schema that leads only to itself decides nothing', () => {
  expect(problemOf({ $ref: '#/$defs/A', $defs: { A: { $ref: '#/$defs/A' } } }, 1)).toBeUndefined()
})
