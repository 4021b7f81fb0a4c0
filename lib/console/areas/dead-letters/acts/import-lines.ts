import { z } from 'zod'
import { parseJson } from '../../../../core/json.ts'
import type { KeptDeadLetter } from '../../../../infrastructure/queue/index.ts'
import { problemsOf } from '../../../platform/operation/input.ts'

/** The most lines of one import. */
export const MOST_LINES = 2_000

const whole = z.string().refine(text => text.isWellFormed(), 'must not contain half characters (lone surrogates)')
/** A line as the export writes it; server, queue and fingerprint say where it came from, and are not needed. */
const Line = z.object({
  id: whole.min(1).max(1_000),
  failedAt: z.number().min(0).max(8_640_000_000_000_000),
  fields: z
    .record(whole.min(1).max(200), whole)
    .refine(fields => fields.name !== undefined && fields.opts !== undefined, 'must have at least name and opts')
    .refine(fields => isObject(parseJson(fields.opts)), 'has opts that are not a JSON object')
    .refine(fields => fields.data === undefined || parseJson(fields.data) !== undefined, 'has data that is not JSON')
    .refine(fields => Object.keys(fields).every(field => !field.startsWith('substation:')), 'has a field of a run'),
  redacted: z.array(z.string()).optional(),
})

export type Lines = { ok: true; jobs: KeptDeadLetter[] } | { ok: false; problem: string; line: number }

/** The dead letters of a file, or what is wrong with the first line that is not one, with its number from 1. */
export function readLines(text: string): Lines {
  const jobs: KeptDeadLetter[] = []
  const lineOf = new Map<string, number>()
  for (const [at, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue
    const problem = problemOf(line)
    if (typeof problem === 'string') return { ok: false, line: at + 1, problem }
    const before = lineOf.get(problem.id)
    if (before !== undefined) return { ok: false, line: at + 1, problem: `has the id of line ${before}` }
    if (jobs.length === MOST_LINES)
      return {
        ok: false,
        line: at + 1,
        problem: `is one more than the ${MOST_LINES.toLocaleString('en')} of one import`,
      }
    lineOf.set(problem.id, at + 1)
    jobs.push(problem)
  }
  return jobs.length > 0
    ? { ok: true, jobs }
    : { ok: false, line: 1, problem: 'is empty: there is no dead letter in the file' }
}

function problemOf(line: string): KeptDeadLetter | string {
  const given = parseJson(line)
  if (!isObject(given)) return 'is not a JSON object'
  const parsed = Line.safeParse(given, { reportInput: true })
  if (!parsed.success) {
    const [path, problem] = Object.entries(problemsOf(parsed.error))[0] ?? ['', 'is not a dead letter']
    return `${path}: ${problem}`
  }
  const { id, failedAt, fields, redacted = [] } = parsed.data
  if (redacted.length > 0) return `was exported with what sounds secret hidden, in ${redacted.join(', ')}`
  return { id, failedAt, fields }
}

const isObject = (value: unknown) => typeof value === 'object' && value !== null && !Array.isArray(value)
