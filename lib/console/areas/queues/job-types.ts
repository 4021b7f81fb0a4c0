import { z } from 'zod'
import { parseJson } from '../../../core/json.ts'
import { parseProblem } from '../../../core/versioned.ts'
import type { Content, JobDetail } from '../../../infrastructure/queue/index.ts'
import { itemsOf } from '../../fleet/details.ts'
import { isLiving } from '../../fleet/living.ts'
import type { FleetSnapshot } from '../../fleet/port.ts'
import { Fleet } from '../../fleet/resources.ts'
import type { ConsoleEnvironment } from '../../platform/environment/port.ts'
import { exampleOf } from './example-payload.ts'
import { WorkerItem } from './worker-item.ts'

type Schema = Readonly<Record<string, unknown>>

/** The most characters that a payload written by hand may have. */
export const LONGEST_PAYLOAD = 60_000

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
    ...exampleIn(schema),
  }))

/** None of a schema that cannot be read: the queue is shown all the same. */
function exampleIn(schema: Schema | undefined): Pick<JobTypeRow, 'example'> {
  if (!schema) return {}
  try {
    const example = JSON.stringify(exampleOf(schema) ?? null, null, 2)
    return example.length > LONGEST_PAYLOAD ? {} : { example }
  } catch {
    return {}
  }
}

/** The type that living workers of a queue declare under a name. */
export async function knownType(
  environment: ConsoleEnvironment,
  key: string,
  job: string,
): Promise<KnownType | undefined> {
  const fleet = await environment.of(Fleet).read(['workers'])
  return fleet.status === 'down' ? undefined : typesIn(fleet.data, key).find(({ name }) => name === job)
}

/**
 * Why a worker would not accept a payload, as far as the schema of its type says; undefined where it would, or none is known. One of another
 * version than the type's is brought to that by its worker first, so its schema says nothing of it.
 */
export async function payloadProblem(
  environment: ConsoleEnvironment,
  key: string,
  job: Pick<JobDetail, 'name'> & Partial<Pick<JobDetail, 'options'>>,
  text: string,
): Promise<string | undefined> {
  const type = await knownType(environment, key, job.name)
  if (!type?.schema || (job.options && versionIn(job.options) !== type.version)) return undefined
  return problemOf(type.schema, JSON.parse(text))
}

/** Where the library keeps the version of a job; without one it is of the first. */
const Options = z.object({ substation: z.object({ version: z.number().default(1) }).optional() })

/** Undefined where they cannot be read. */
function versionIn({ text }: Content): number | undefined {
  const { success, data } = Options.safeParse(parseJson(text))
  return success ? (data.substation?.version ?? 1) : undefined
}

/** What a JSON Schema says is wrong. One that cannot be read says nothing: the worker will. */
export function problemOf(schema: Schema, data: unknown): string | undefined {
  try {
    const checked = z.fromJSONSchema(withoutPatterns(schema) as Parameters<typeof z.fromJSONSchema>[0])
    const { error } = checked.safeParse(data)
    return error && parseProblem(error)
  } catch {
    return undefined
  }
}

/** Keywords whose value has schemas by names that anyone chose, and those whose value is data. */
const BY_NAME: ReadonlySet<string> = new Set(['properties', '$defs', 'definitions', 'dependentSchemas'])
const DATA: ReadonlySet<string> = new Set(['const', 'enum', 'default', 'examples'])
/** Without the patterns these would refuse what a pattern allows. */
const PATTERN_PROPERTIES = ['patternProperties', 'additionalProperties', 'unevaluatedProperties']

/** A regular expression that anyone may have written could keep the console busy for hours. */
function withoutPatterns(schema: unknown, byName = false): unknown {
  if (Array.isArray(schema)) return schema.map(each => withoutPatterns(each))
  if (typeof schema !== 'object' || schema === null) return schema
  const without = byName ? [] : ['pattern', ...('patternProperties' in schema ? PATTERN_PROPERTIES : [])]
  return Object.fromEntries(
    Object.entries(schema)
      .filter(([key]) => !without.includes(key))
      .map(([key, value]) => [
        key,
        !byName && DATA.has(key) ? value : withoutPatterns(value, !byName && BY_NAME.has(key)),
      ]),
  )
}
