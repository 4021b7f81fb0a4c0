import type { JobCondition, JobTest } from '../../job-condition.ts'
import { folded } from '../../job-matches.ts'

/** A text without which a job cannot match, and the fields that may contain it. */
export interface NeededText {
  fields: string[]
  text: string
  /** Compared without regard to case. */
  fold?: true
  /** It is a number, which can also be written with an exponent. */
  number?: true
}

/** The fields of a job's hash that contain JSON, where any character may be written as an escape. */
export const JSON_FIELDS = { data: 'data', options: 'opts', result: 'returnvalue' } as const
export const TEXT_FIELDS = { name: 'name', error: 'failedReason', stack: 'stacktrace' } as const

/**
 * Texts all of which a job must contain to match, so that Redis sends only those that may. It never leaves out a job that matches; it
 * may let through some that do not.
 */
export function neededTexts(condition: JobCondition): NeededText[] {
  if ('all' in condition) return condition.all.flatMap(neededTexts)
  if ('any' in condition || 'not' in condition) return []
  return neededBy(condition)
}

function neededBy(test: JobTest): NeededText[] {
  switch (test.test) {
    case 'text':
      return [{ fields: ['id', 'name', 'failedReason', 'data'], text: folded(test.contains), fold: true }]
    case 'field': {
      const fields = [test.field === 'id' ? 'id' : TEXT_FIELDS[test.field]]
      if (test.is === '=') return [{ fields, text: test.value }]
      return test.is === '~' ? [{ fields, text: folded(test.value), fold: true }] : []
    }
    case 'number':
      return []
    case 'carries':
      return [{ fields: ['data', 'opts'], text: test.value }]
    case 'json': {
      const fields = [JSON_FIELDS[test.field]]
      const { text } = test.value
      const key = test.path.findLast(part => !/^\d+$/.test(part))
      if (test.is === '~')
        return [{ fields, text: folded(text), fold: true, ...(/^[\d.e+-]+$/i.test(text) ? { number: true } : {}) }]
      // A number may equal one that is written otherwise.
      const isWhole = Number.isSafeInteger(Number(text)) && /^-?[1-9]\d*$/.test(text)
      if (test.is === '=' && (test.value.quoted || Number.isNaN(Number(text)))) return [{ fields, text }]
      if (test.is === '=' && isWhole) return [{ fields, text, number: true }]
      return key === undefined ? [] : [{ fields, text: `"${key}"` }]
    }
  }
}

/** The fields of the hash that have to be read to answer a condition, beside the id. */
export function fieldsOf(condition: JobCondition): Set<string> {
  if ('all' in condition) return new Set(condition.all.flatMap(one => [...fieldsOf(one)]))
  if ('any' in condition) return new Set(condition.any.flatMap(one => [...fieldsOf(one)]))
  if ('not' in condition) return fieldsOf(condition.not)
  switch (condition.test) {
    case 'text':
      return new Set(['name', 'failedReason', 'data'])
    case 'field':
      return new Set(condition.field === 'id' ? [] : [TEXT_FIELDS[condition.field]])
    case 'number':
      return new Set(NUMBER_FIELDS[condition.field])
    case 'carries':
      return new Set(['data', 'opts'])
    case 'json':
      return new Set([JSON_FIELDS[condition.field]])
  }
}

/** The first of them that is there counts: BullMQ 4 keeps attempts elsewhere. */
export const NUMBER_FIELDS = {
  attempts: ['atm', 'attemptsMade'],
  priority: ['priority'],
  added: ['timestamp'],
  processed: ['processedOn'],
  finished: ['finishedOn'],
  due: [],
} as const
