import { missingUpcast, parseProblem, upcastData, type Versioned } from '../../core/versioned.ts'
import { PermanentJobError, QueueError } from './errors.ts'
import type { WorkerReport } from './worker-port.ts'

/** One kind of job, by its name. */
export interface JobType<Data = unknown> extends Versioned<Data> {
  readonly name: string
  /** JSON Schema of its data in this version, such as `z.toJSONSchema(Order)`: what the console fills in and checks when a job is added or edited by hand. */
  readonly schema?: Readonly<Record<string, unknown>>
}

type Declared<Data> = Pick<JobType<Data>, 'name' | 'parse'> &
  Partial<Pick<JobType<Data>, 'version' | 'upcasts' | 'schema'>>

/** Declares a kind of job. Throws QueueError `QUEUE_VALUE` when an older version could not be read. */
export function defineJob<Data>(declared: Declared<Data>): JobType<Data> {
  const { name, version = 1, upcasts = {} } = declared
  const missing = missingUpcast({ version, upcasts })
  if (missing !== undefined)
    throw new QueueError(
      `The job ${name} is at version ${version} and does not say how version ${missing} becomes ${missing + 1}`,
      { code: 'QUEUE_VALUE', nextStep: `Declare upcasts: { ${missing}: … }.` },
    )
  return { ...declared, version, upcasts }
}

/** The data as the type accepts it; `QUEUE_VALUE` with the fields that are wrong otherwise. */
export function producedData({ name, parse }: JobType, data: unknown): unknown {
  try {
    return parse(data)
  } catch (error) {
    throw new QueueError(`The data is not of ${name}: ${parseProblem(error)}`, { code: 'QUEUE_VALUE', cause: error })
  }
}

/** The data of a job in the version known here. What cannot be read now is not readable for another attempt either: PermanentJobError. */
export function receivedData(known: JobType, data: unknown, version = 1): unknown {
  const { name } = known
  if (version > known.version)
    throw new PermanentJobError(
      `The job ${name} is of version ${version}; this process knows it up to ${known.version}`,
      {
        nextStep: 'Deploy the newer version of this service, then replay the dead letter.',
      },
    )
  try {
    return known.parse(upcastData(known, version, data))
  } catch (error) {
    throw new PermanentJobError(`The data is not of ${name}: ${parseProblem(error)}`, { cause: error })
  }
}

/** Of a schema in a report, whose size is limited; a larger one is left out. */
const SCHEMA_LENGTH = 4_000
const TYPES = 20

/** The types as a worker reports them. */
export function reportedTypes(types: readonly JobType[]): NonNullable<WorkerReport['types']> {
  return types.slice(0, TYPES).map(({ name, version, schema }) => ({
    name,
    version,
    ...(schema !== undefined && JSON.stringify(schema).length <= SCHEMA_LENGTH ? { schema } : {}),
  }))
}
