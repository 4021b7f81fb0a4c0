export { createContainer } from './create.ts'
export type { ContainerOptions } from './lifecycle.ts'
export {
  type Container,
  type Part,
  PartDownError,
  PartExistsError,
  PartMissingError,
  type PartState,
  type PartStatus,
  type StopReport,
} from './port.ts'
export { type SignalOptions, type SignalSource, stopOnSignal } from './signals.ts'
