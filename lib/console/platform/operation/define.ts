import type { z } from 'zod'
import type { Actor, Permission } from '../access/roles.ts'
import type { Attention } from '../attention/gather.ts'
import type { ConsoleEnvironment } from '../environment/port.ts'
import type { SeriesKey } from '../samples.ts'
import type { Settings } from '../settings/port.ts'
import type { Store } from '../store/port.ts'
import type { Affected, OperationTarget, PreviewText, Risk, RunItem } from './wire.ts'

export interface OperationContext {
  environment: ConsoleEnvironment
  store: Store
  settings: Settings
  /** What needs a person, over all areas, read now. */
  attention(): Promise<Attention>
}

/** What `preview` says; the runner adds token, confirmation and target. */
export interface PreviewDraft {
  summary: string
  /** Words of the button, with the number. */
  action: string
  affected: Affected
  warnings?: string[]
  dependents?: string[]
  undo?: { windowMs: number }
  /** How it is taken back where undo is not offered, as a sentence; where it is, what that costs. */
  undoWords?: string
  /** What will be sent to the target, word for word. */
  texts?: PreviewText[]
  /** Stands for exactly what would be touched; the token is worth nothing once it reads differently. */
  fingerprint?: string
}

/** What a line of the ledger stands for where that is many: the numbers of the first and the last, from 1. */
export interface ItemRange {
  from: number
  to: number
}

export interface PriorItem {
  status: RunItem['status']
  range?: ItemRange
}

export interface RunControl {
  runId: string
  actor: Pick<Actor, 'id' | 'name'>
  reason?: string
  /** The run takes another one back. */
  undoes: boolean
  /** The fingerprint of the preview that was confirmed. It may be carried out later and by another console: what reads differently then was not. */
  confirmed?: string
  /** Aborted when an operator asks for it, or when another worker took the run over. */
  signal: AbortSignal
  progress(progress: { done: number; total?: number; note?: string }): void
  /** Writes a line of the ledger, trying for some seconds. Never rejects; false: it could not be written. */
  item(key: string, status: RunItem['status'], message?: string, range?: ItemRange): Promise<boolean>
  /** The ledger as an interrupted worker left it; empty on a first run. */
  prior: ReadonlyMap<string, PriorItem>
  /** Another worker had begun it; at least so many were done when it last told of its progress. Absent on a first run. */
  resumed?: { done: number }
}

export interface RunOutcome {
  /** `unknown`: it was sent, and whether it arrived cannot be told. */
  status: 'succeeded' | 'partial' | 'failed' | 'aborted' | 'unknown'
  /** What was done, in plain words. */
  summary: string
  result?: Record<string, unknown>
  /** State that `undo` needs, and for how long (ms) it is offered. */
  undo?: { state: unknown; windowMs: number }
}

/** An act that succeeded after another one on the same target; its input is as it was recorded. */
export interface LaterAct {
  operation: string
  input: unknown
}

/** A figure that an act is meant to move: `Calls rejected a second`. */
export interface TouchedSeries extends SeriesKey {
  label: string
  /** It tells what goes wrong. */
  bad?: boolean
}

export interface Operation<Input extends z.ZodType> {
  /** `area.verb` */
  readonly id: string
  readonly title: string
  readonly description: string
  readonly permission: Permission
  readonly targetKind: string
  /** Where its targets are listed, below the environment; the page of its area unless given. */
  readonly place?: string
  readonly input: Input
  readonly risk: Risk | ((input: z.output<Input>) => Risk)
  readonly reason: 'required' | 'optional'
  /** It changes what this console shows and nothing of the environment, so that production asks for no name. */
  readonly ofConsoleOnly?: boolean
  /** Executed by a worker that outlives a closed laptop and a restarted console. */
  readonly durable?: boolean
  /** May be run again from its ledger after its worker died. */
  readonly resumable?: boolean
  /** What a line of its ledger is about. */
  readonly lines?: readonly [one: string, many: string]
  target(input: z.output<Input>): OperationTarget
  /** What of the target, where its name does not say it: `product:*`. */
  about?(input: z.output<Input>): string | undefined
  /** The server that it acts on, as sentences about trouble name it (`Postgres shop`); left out: Redis. */
  source?(input: z.output<Input>): string
  /** What would happen. Reads only. */
  preview(context: OperationContext, input: z.output<Input>): Promise<PreviewDraft>
  run(context: OperationContext, input: z.output<Input>, control: RunControl): Promise<RunOutcome>
  /** After a worker died in `run`: finds out what came of it. Undefined: it cannot be known. */
  recover?(context: OperationContext, input: z.output<Input>, control: RunControl): Promise<RunOutcome | undefined>
  /** What is drawn beside the finished act, from five minutes before it to five minutes after. */
  touches?(input: z.output<Input>): readonly TouchedSeries[]
  /** Another act that was done on the same target since leaves nothing of this one to undo. */
  overtakenBy?(input: z.output<Input>, later: LaterAct): boolean
  undo?(context: OperationContext, state: unknown, control: RunControl): Promise<RunOutcome>
}

/** One verb that an operator can do; button, palette, REST and audit come of it by themselves. */
export function defineOperation<Input extends z.ZodType>(operation: Operation<Input>): Operation<Input> {
  return operation
}

// biome-ignore lint/suspicious/noExplicitAny: a registry holds operations of every input; each is checked where it is defined.
export type AnyOperation = Operation<any>

/** What of its target an act was about, told by the input as it was recorded; that of an older console may no longer be understood. */
export function aboutOf(operation: AnyOperation, input: unknown): string | undefined {
  const parsed = operation.about && operation.input.safeParse(input)
  return parsed?.success ? operation.about?.(parsed.data) : undefined
}

export function riskOf(operation: AnyOperation, input: unknown): Risk {
  return typeof operation.risk === 'function' ? operation.risk(input) : operation.risk
}
