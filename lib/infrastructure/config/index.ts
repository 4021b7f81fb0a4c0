export * as field from './fields.ts'
export {
  type Composed,
  ConfigError,
  type ConfigProblem,
  type Environment,
  type ReadResult,
  type Slice,
  type Slices,
  type VariableNote,
} from './port.ts'
export { isSecret, maskUrl, Secret } from './secret.ts'
export { type Complain, defineSlice, readConfig } from './slice.ts'
