import type { Comparison, JobTest } from '../../../../infrastructure/queue/index.ts'
import type { ScopeTest } from './condition.ts'
import { QueryError, type Token } from './tokens.ts'

type Word = Token & { kind: 'word' }
type Is = Token & { kind: 'is' }
type Leaf = JobTest | ScopeTest

const STATES = ['waiting', 'active', 'delayed', 'prioritized', 'waiting-children', 'completed', 'failed']
/** Other words for a state. */
const STATE_WORDS: Record<string, string> = { 'dead-letter': 'failed', dead: 'failed' }
const JSON_FIELDS = { data: 'data', payload: 'data', options: 'options', opts: 'options', result: 'result' } as const
const MS = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const

/** Names of fields, as problems and help list them. */
export const FIELDS = [
  'id',
  'name',
  'error',
  'stack',
  'state',
  'queue',
  'server',
  'attempts',
  'priority',
  'added',
  'processed',
  'finished',
  'due',
  'trace',
  'user',
  'workspace',
] as const
type Field = (typeof FIELDS)[number]

/** `field is value` as a test. Throws QueryError. */
export function testOf(field: Word, { is, ...where }: Is, value: Word, now: number): Leaf {
  const only = <C extends Comparison>(...allowed: C[]): C => {
    if (!allowed.includes(is as C))
      throw new QueryError({ message: `${field.text} can be compared by ${allowed.join(' ')}.`, ...positionOf(where) })
    return is as C
  }
  const [first = '', ...path] = field.path
  if (!field.quoted && Object.hasOwn(JSON_FIELDS, first)) {
    const json = JSON_FIELDS[first as keyof typeof JSON_FIELDS]
    const { text, quoted } = value
    if (path.length === 0) {
      only('~', '!~')
      return { test: 'json', field: json, path, is, value: { text, quoted } }
    }
    if (path.includes('')) throw new QueryError({ message: 'A part of this path is empty.', ...positionOf(field) })
    if (is === '=' && text === '*' && !quoted)
      return { test: 'json', field: json, path, is: 'exists', value: { text, quoted } }
    return { test: 'json', field: json, path, is, value: { text, quoted } }
  }
  const name = field.quoted ? undefined : FIELDS.find(known => known === field.text.toLowerCase())
  switch (name) {
    case 'id':
    case 'name':
    case 'error':
    case 'stack':
      return { test: 'field', field: name, is: only('=', '!=', '~', '!~'), value: value.text }
    case 'queue':
    case 'server':
      return { test: 'scope', field: name, is: only('=', '!=', '~', '!~'), value: value.text }
    case 'state':
      return { test: 'scope', field: name, is: only('=', '!='), value: stateOf(value) }
    case 'attempts':
    case 'priority':
      return { test: 'number', field: name, is: only('=', '!=', '<', '<=', '>', '>='), value: numberOf(name, value) }
    case 'added':
    case 'processed':
    case 'finished':
    case 'due':
      return { test: 'number', field: name, is: only('<', '<=', '>', '>='), value: timeOf(name, value, now) }
    case 'trace':
    case 'user':
    case 'workspace':
      only('=')
      return { test: 'carries', what: name, value: value.text }
    case undefined:
      throw new QueryError({
        message: `There is no field “${field.text}”. Fields are ${FIELDS.join(', ')}, and paths such as data.order.id; a text with a comparison in it is written in quotation marks.`,
        ...positionOf(field),
      })
  }
}

const positionOf = ({ at, length }: { at: number; length: number }) => ({ at, length })

function stateOf(value: Word): string {
  const word = value.text.toLowerCase()
  const state = STATE_WORDS[word] ?? word
  if (STATES.includes(state)) return state
  throw new QueryError({ message: `States are ${STATES.join(', ')}.`, ...positionOf(value) })
}

function numberOf(name: Field, value: Word): number {
  const number = value.text === '' ? Number.NaN : Number(value.text)
  if (Number.isFinite(number)) return number
  throw new QueryError({ message: `${name} is compared with a number.`, ...positionOf(value) })
}

/** `2026-03-01T04:00Z`, or how long ago: `10m`, `2h`, `3d`. Of what is due, how long from now. */
function timeOf(name: Field, value: Word, now: number): number {
  const [, count, unit] = /^(\d{1,6})([smhd])$/.exec(value.text) ?? []
  if (count && unit) return now + Number(count) * MS[unit as keyof typeof MS] * (name === 'due' ? 1 : -1)
  const at = /^\d{4}-\d\d-\d\d/.test(value.text) ? Date.parse(value.text) : Number.NaN
  if (!Number.isNaN(at)) return at
  throw new QueryError({
    message: `${name} is compared with a time (2026-03-01T04:00Z) or with ${name === 'due' ? 'how long from now' : 'how long ago'} (10m, 2h, 3d).`,
    ...positionOf(value),
  })
}
