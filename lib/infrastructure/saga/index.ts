export { createSagas, type SagaDependencies, type SagaOptions } from './create.ts'
export { type SagaBuilder, saga } from './definition.ts'
export { sagaMigrations } from './migrations.ts'
export {
  type CompensationContext,
  type ListOptions,
  type Saga,
  type SagaAct,
  type SagaCounts,
  type SagaDefinition,
  SagaError,
  type SagaErrorCode,
  type SagaReport,
  type SagaRun,
  type SagaState,
  type Sagas,
  type StartOptions,
  type StepContext,
  type StepOptions,
  type StepRecord,
  StepRefusedError,
  type StepRetry,
  type WorkOptions,
} from './port.ts'
