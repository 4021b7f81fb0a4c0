import { missingUpcast, parseProblem, upcastData, type Versioned } from '../../core/versioned.ts'
import { type DomainEvent, EventsError } from './port.ts'

/** One kind of event. */
export interface EventType<Data = unknown> extends Versioned<Data> {
  /** Parts in lower case, separated by dots: `order.paid`. */
  readonly type: string
  /** Of two events with the same key the one published first is handled first. */
  key?(data: Data): string
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
  const missing = missingUpcast({ version, upcasts })
  if (missing !== undefined)
    throw new EventsError(
      `${type} is at version ${version} and does not say how version ${missing} becomes ${missing + 1}`,
      {
        code: 'EVENTS_OPTIONS',
        nextStep: `Declare upcasts: { ${missing}: … }.`,
      },
    )
  return { ...declared, version, upcasts }
}

/** The data as the type accepts it; `EVENTS_VALUE` with what is wrong otherwise. */
export function parsedData<Data>({ type, parse }: EventType<Data>, data: unknown): Data {
  try {
    return parse(data)
  } catch (error) {
    throw new EventsError(`The data is not of ${type}: ${parseProblem(error)}`, {
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
  return { ...event, version: known.version, data: parsedData(known, upcastData(known, event.version, event.data)) }
}
