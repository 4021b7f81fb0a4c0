import { z } from 'zod'
import { writtenDuration } from './fields.ts'
import type { VariableNote } from './port.ts'

/** What a variable's schema says: whether it must be set, its default, its values and its range. */
export function noteOf(name: string, schema: z.ZodType): VariableNote {
  const absent = schema.safeParse(undefined)
  const field = innermost(schema)
  const fallback = absent.success ? written(absent.data, field) : undefined
  const values = field instanceof z.ZodEnum ? field.options.map(String) : undefined
  const range = rangeOf(field)
  return {
    name,
    required: !absent.success,
    description: schema.description,
    ...(fallback === undefined ? {} : { default: fallback }),
    ...(values === undefined ? {} : { values }),
    ...(range === undefined ? {} : { range }),
  }
}

/** The schema under `.default()` and `.optional()`. */
function innermost(schema: z.ZodType): z.ZodType {
  return schema instanceof z.ZodDefault || schema instanceof z.ZodOptional
    ? innermost(schema.unwrap() as z.ZodType)
    : schema
}

/** A default as it would be written in the variable; undefined for an empty list. */
function written(value: unknown, field: z.ZodType): string | undefined {
  if (typeof value === 'number' && field.meta()?.unit === 'ms') return writtenDuration(value)
  if (Array.isArray(value)) return value.length > 0 ? value.join(',') : undefined
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? String(value)
    : undefined
}

function rangeOf(field: z.ZodType): { min: number; max: number } | undefined {
  if (!(field instanceof z.ZodPipe && field.out instanceof z.ZodNumber)) return undefined
  const { minValue, maxValue } = field.out
  const bounded = Number.isFinite(minValue) && Number.isFinite(maxValue) && maxValue !== Number.MAX_SAFE_INTEGER
  return bounded ? { min: minValue as number, max: maxValue as number } : undefined
}
