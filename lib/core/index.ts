export { type Clock, systemClock } from './clock.ts'
export { InfrastructureError, type InfrastructureErrorOptions, messageOf } from './errors.ts'
export { isId, newId, timeOfId } from './ids.ts'
export { MissingPackageError } from './load-adapter.ts'
