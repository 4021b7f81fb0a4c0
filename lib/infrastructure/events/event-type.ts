import { messageOf } from '../../core/errors.ts'
import { type DomainEvent, EventsError } from './port.ts'

/** One kind of event. `parse` is that of a zod schema, or any function that throws for what it does not accept. */
export interface EventType<Data = unknown> {
  /** Parts in lower case, separated by dots: `order.paid`. */
  readonly type: string
  /** Raised with each change that an old handler could not read; 1 by default. */
  readonly version: number
  parse(value: unknown): Data
  /** Of two events with the same key the one published first is handled first. */
  key?(data: Data): string
  /** By version: makes data of that version into data of the next one. */
  readonly upcasts: Readonly<Record<number, (data: unknown) => unknown>>
}

type Declared<Data> = Pick<EventType<Data>, 'type' | 'parse' | 'key'> &
  Partial<Pick<EventType<Data>, 'version' | 'upcasts'>>

/** Declares a kind of event. Throws EventsError `EVENTS_OPTIONS` when an older version could not be read. */
export function defineEvent<Data>(declared: Declared<Data>): EventType<Data> {
  const { type, version = 1, upcasts = {} } = declared
  if (!/^[a-z0-9_-]+(\.[a-z0-9_-]+)*$/.test(type))
    throw new EventsError(`${JSON.stringify(type)} is not a type of events: parts in lower case, separated by dots`, {
      code: 'EVENTS_OPTIONS',
    })
  for (let older = 1; older < version; older++)
    if (!upcasts[older])
      throw new EventsError(
        `${type} is at version ${version} and does not say how version ${older} becomes ${older + 1}`,
        {
          code: 'EVENTS_OPTIONS',
          nextStep: `Declare upcasts: { ${older}: … }.`,
        },
      )
  return { ...declared, version, upcasts }
}

/** The data as the type accepts it; `EVENTS_VALUE` with what is wrong otherwise. */
export function parsedData<Data>({ type, parse }: EventType<Data>, data: unknown): Data {
  try {
    return parse(data)
  } catch (error) {
    throw new EventsError(`The data is not of ${type}: ${fieldsOf(error) ?? messageOf(error)}`, {
      code: 'EVENTS_VALUE',
      cause: error,
    })
  }
}

/** The event in the version that this process knows. */
export function upcasted(known: EventType, event: DomainEvent): DomainEvent {
  if (event.version > known.version)
    throw new EventsError(
      `${event.type} is of version ${event.version}; this process knows it up to ${known.version}`,
      {
        code: 'EVENTS_VERSION',
        nextStep: 'Deploy the newer version of this service, then replay the dead letter.',
      },
    )
  let { data } = event
  for (let version = event.version; version < known.version; version++) data = known.upcasts[version]?.(data)
  return { ...event, version: known.version, data: parsedData(known, data) }
}

/** `items.0.price: expected number` from an error of zod. */
function fieldsOf(error: unknown): string | undefined {
  const { issues } = error as { issues?: { path?: PropertyKey[]; message?: string }[] }
  if (!Array.isArray(issues) || issues.length === 0) return undefined
  return issues.map(({ path = [], message = '' }) => `${path.map(String).join('.') || 'it'}: ${message}`).join('; ')
}
