import type { Logger } from '../../../../infrastructure/logging/index.ts'
import type { Access, Actor } from '../../access/roles.ts'
import type { Attention } from '../../attention/collect.ts'
import type { ConsoleEnvironment } from '../../environment/port.ts'
import type { Settings } from '../../settings/port.ts'
import type { Store, Tx } from '../../store/port.ts'
import type { AnyOperation } from '../define.ts'
import type { Preview, Run, RunRequest } from '../wire.ts'

/** The moments of an act at which tests kill its worker. */
export type Step = 'parsed' | 'previewed' | 'recorded' | 'begun' | 'ran' | 'settled' | 'announced'

export interface RunnerParts {
  store: Store
  settings: Settings
  operations: readonly AnyOperation[]
  access: Access
  /** What has changed once an operation is over. */
  topicsOf(operation: string): readonly string[]
  environment(name: string): ConsoleEnvironment | undefined
  /** What needs attention in an environment, read now. */
  attention(environment: ConsoleEnvironment): Promise<Attention>
  logger: Logger
  /** Hands a durable run to the job library, inside the transaction that records it. */
  enqueue(runId: string, tx: Tx): Promise<void>
  onStep?(step: Step, runId: string | undefined): void | Promise<void>
}

export interface Runner {
  /** Refuses with RefusalError; every refusal of a signed-in caller leaves a line in the audit. */
  preview(actor: Actor, request: Omit<RunRequest, 'token' | 'typedName'>): Promise<Preview>
  /** Records and starts the act; resolves when it is over, or after a few seconds with the run still under way. */
  run(actor: Actor, request: RunRequest): Promise<Run>
  find(actor: Actor, environment: string, runId: string): Promise<Run>
  abort(actor: Actor, environment: string, runId: string): Promise<Run>
  undo(actor: Actor, environment: string, runId: string): Promise<Run>
  /** Carries out a durable run: called by the job library's worker. */
  execute(runId: string): Promise<void>
  /** Closes or resumes the runs of workers that stopped reporting. */
  reap(): Promise<number>
  close(): Promise<void>
}
