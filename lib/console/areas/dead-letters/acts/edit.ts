import { applyPatch, type Operation } from 'rfc6902'
import { z } from 'zod'
import { messageOf } from '../../../../core/errors.ts'
import { sensitive } from '../../../platform/operation/input.ts'

const Pointer = z
  .string()
  .max(500)
  .regex(/^(?:\/(?:[^~/]|~[01])*)*$/, 'must be a JSON pointer: /user/email')
const value = sensitive(z.unknown())

/** A JSON patch (RFC 6902). */
export const Patch = z
  .array(
    z.discriminatedUnion('op', [
      z.strictObject({ op: z.literal('add'), path: Pointer, value }),
      z.strictObject({ op: z.literal('replace'), path: Pointer, value }),
      z.strictObject({ op: z.literal('test'), path: Pointer, value }),
      z.strictObject({ op: z.literal('remove'), path: Pointer }),
      z.strictObject({ op: z.literal('move'), path: Pointer, from: Pointer }),
      z.strictObject({ op: z.literal('copy'), path: Pointer, from: Pointer }),
    ]),
  )
  .min(1)
  .max(50)
  .describe('JSON patch (RFC 6902) for the payload of each; one to which it does not apply stays a dead letter')
export type Patch = z.output<typeof Patch>

/** The largest payload that is edited. */
export const EDITED_MOST = 262_144

export type Edited = { ok: true; text: string } | { ok: false; why: string }

/** A payload after the patch, or why it cannot be edited: all of the patch applies, or none of it. */
export function edited(text: string, patch: Patch): Edited {
  let inexact = false
  let data: unknown
  try {
    // A number that JavaScript cannot hold exactly would be changed by the edit.
    data = JSON.parse(text, function (this: unknown, _key: string, inner: unknown, context?: { source?: string }) {
      if (typeof inner === 'number' && /^-?\d+$/.test(context?.source ?? '') && !Number.isSafeInteger(inner))
        inexact = true
      return inner
    } as (this: unknown, key: string, value: unknown) => unknown)
  } catch {
    return { ok: false, why: 'its payload is not JSON' }
  }
  if (inexact) return { ok: false, why: 'its payload has a number that an edit would change' }
  // A patch may replace the whole document, which the library does in place of a property.
  const holder = { data }
  const operations = patch.map(operation => ({
    ...operation,
    path: `/data${operation.path}`,
    ...('from' in operation ? { from: `/data${operation.from}` } : {}),
  })) as Operation[]
  try {
    const failed = applyPatch(holder, structuredClone(operations)).find(error => error !== null)
    if (failed) return { ok: false, why: `the patch does not apply: ${whyOf(failed)}` }
  } catch (error) {
    return { ok: false, why: `the patch does not apply: ${messageOf(error)}` }
  }
  return { ok: true, text: JSON.stringify(holder.data ?? null) }
}

function whyOf(error: Error): string {
  if (error.name === 'TestError') return 'a test in it fails'
  return error.name === 'MissingError' ? 'a path of it is missing' : 'an operation of it is not possible'
}
