import { z } from 'zod'
import { parseProblem } from '../../../core/versioned.ts'
import { itemsOf } from '../../fleet/details.ts'
import { isLiving } from '../../fleet/living.ts'
import type { FleetSnapshot } from '../../fleet/port.ts'
import { Fleet } from '../../fleet/resources.ts'
import type { ConsoleEnvironment } from '../../platform/environment/port.ts'
import { exampleOf } from './example-payload.ts'
import { WorkerItem } from './worker-item.ts'

type Schema = Readonly<Record<string, unknown>>

/** What the workers of a queue call one of its jobs. */
export interface JobTypeRow {
  name: string
  version: number
  /** A payload to begin with, as JSON; absent where its schema is not known. */
  example?: string
}

interface KnownType {
  name: string
  version: number
  schema?: Schema
}

/** The types that living workers of a queue (`prefix:name`) declare, each in the newest version. */
export function typesIn(snapshot: FleetSnapshot, key: string): KnownType[] {
  const byName = new Map<string, KnownType>()
  for (const process of snapshot.processes.filter(isLiving))
    for (const item of itemsOf(process, 'workers', WorkerItem)?.items ?? [])
      if (`${item.prefix}:${item.queue}` === key)
        for (const type of item.types ?? [])
          if (type.version > (byName.get(type.name)?.version ?? 0)) byName.set(type.name, type)
  return [...byName.values()]
}

export const jobTypeRows = (types: readonly KnownType[]): JobTypeRow[] =>
  types.map(({ name, version, schema }) => ({
    name,
    version,
    ...(schema ? { example: JSON.stringify(exampleOf(schema), null, 2) } : {}),
  }))

/** Why a worker would not accept a payload, as far as the schema of its type says; undefined where it would, or none is known. */
export async function payloadProblem(
  environment: ConsoleEnvironment,
  key: string,
  job: string,
  text: string,
): Promise<string | undefined> {
  const fleet = await environment.of(Fleet).read(['workers'])
  if (fleet.status === 'down') return undefined
  const schema = typesIn(fleet.data, key).find(({ name }) => name === job)?.schema
  return schema && problemOf(schema, JSON.parse(text))
}

/** What a JSON Schema says is wrong. One that cannot be read says nothing: the worker will. */
export function problemOf(schema: Schema, data: unknown): string | undefined {
  let checked: z.ZodType
  try {
    checked = z.fromJSONSchema(withoutPatterns(schema) as Parameters<typeof z.fromJSONSchema>[0])
  } catch {
    return undefined
  }
  const { error } = checked.safeParse(data)
  return error && parseProblem(error)
}

/** A regular expression that anyone may have written could keep the console busy for hours. */
function withoutPatterns(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(withoutPatterns)
  if (typeof schema !== 'object' || schema === null) return schema
  return Object.fromEntries(
    Object.entries(schema)
      .filter(([key, value]) => key !== 'patternProperties' && !(key === 'pattern' && typeof value === 'string'))
      .map(([key, value]) => [key, withoutPatterns(value)]),
  )
}
