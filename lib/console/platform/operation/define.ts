import type { z } from 'zod'
import type { Actor, Permission } from '../access/roles.ts'
import type { Attention } from '../attention/collect.ts'
import type { ConsoleEnvironment } from '../environment/port.ts'
import type { SeriesKey } from '../samples.ts'
import type { Settings } from '../settings/port.ts'
import type { Store } from '../store/port.ts'
import type { Affected, OperationTarget, PreviewText, Risk, RunItem } from './wire.ts'

export interface OperationContext {
  environment: ConsoleEnvironment
  store: Store
  settings: Settings
  /** What needs attention, over all areas, read now. */
  attention(): Promise<Attention>
}

/** What `preview` returns; the runner adds token, confirmation and target. */
export interface PreviewDraft {
  summary: string
  /** The button's text, with the number: `Replay 30 dead letters`. */
  action: string
  affected: Affected
  warnings?: string[]
  dependents?: string[]
  undo?: { windowMs: number }
  /** How to reverse the act where undo is not offered, as a sentence; where undo is offered, what it costs. */
  undoWords?: string
  /** What will be sent to the target, verbatim. */
  texts?: PreviewText[]
  /** Fields that the form need not show unless they are offered. */
  offers?: string[]
  /** Identifies exactly what would be affected; the token is refused once it differs. */
  fingerprint?: string
}

/** Where a ledger line stands for many items: the numbers of the first and the last, from 1. */
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
  /** The fingerprint of the preview that was confirmed. The run may begin later and in another console: what differs then was not confirmed. */
  confirmed?: string
  /** Aborted when an operator asks for it, or when another worker took the run over. */
  signal: AbortSignal
  progress(progress: { done: number; total?: number; note?: string }): void
  /** Writes a line of the ledger, retrying for some seconds. Never rejects; false: it could not be written. */
  item(key: string, status: RunItem['status'], message?: string, range?: ItemRange): Promise<boolean>
  /** The ledger as an interrupted worker left it; empty on a first run. */
  prior: ReadonlyMap<string, PriorItem>
  /** The number of items that an earlier worker of the run had done when it last reported progress. Absent on a first run. */
  resumed?: { done: number }
}

export interface RunOutcome {
  /** `unknown`: it was sent, but whether it arrived is not known. */
  status: 'succeeded' | 'partial' | 'failed' | 'aborted' | 'unknown'
  /** What was done, in plain words. */
  summary: string
  result?: Record<string, unknown>
  /** State that `undo` needs, and for how long (ms) it is offered. */
  undo?: { state: unknown; windowMs: number }
}

/** An act that succeeded after another one on the same target, with its recorded input. */
export interface LaterAct {
  operation: string
  input: unknown
}

/** A figure that an act is meant to change: `Calls rejected per second`. */
export interface AffectedSeries extends SeriesKey {
  label: string
  /** It counts failures. */
  bad?: boolean
}

type LedgerNoun = readonly [one: string, many: string]

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
  /** It changes only what this console shows, nothing in the environment, so production does not ask for the name. */
  readonly ofConsoleOnly?: boolean
  /** Executed by a worker: goes on when the browser is closed or a console restarts. */
  readonly durable?: boolean | ((input: z.output<Input>) => boolean)
  /** May be run again from its ledger after its worker was lost. */
  readonly resumable?: boolean
  /** What a line of its ledger is about. */
  readonly lines?: LedgerNoun | ((input: z.output<Input>) => LedgerNoun)
  target(input: z.output<Input>): OperationTarget
  /** Which part of the target, where its name does not say it: `product:*`. */
  about?(input: z.output<Input>): string | undefined
  /** The server that it acts on, as sentences about trouble name it (`Postgres shop`); left out: Redis. */
  source?(input: z.output<Input>): string
  /** What would happen. It only reads. */
  preview(context: OperationContext, input: z.output<Input>): Promise<PreviewDraft>
  run(context: OperationContext, input: z.output<Input>, control: RunControl): Promise<RunOutcome>
  /** After a worker was lost in `run`: finds out the outcome. Undefined: it cannot be known. */
  recover?(context: OperationContext, input: z.output<Input>, control: RunControl): Promise<RunOutcome | undefined>
  /** The figures drawn beside the finished act, from five minutes before it to five minutes after. */
  affects?(input: z.output<Input>): readonly AffectedSeries[]
  /** A later act on the same target that leaves nothing of this one to undo. */
  overtakenBy?(input: z.output<Input>, later: LaterAct): boolean
  undo?(context: OperationContext, state: unknown, control: RunControl): Promise<RunOutcome>
  /** As `recover`, after a worker was lost in `undo`: the outcome is that of the undo. */
  recoverUndo?(context: OperationContext, state: unknown, control: RunControl): Promise<RunOutcome | undefined>
}

/** What a ledger line is about, of an act with this recorded input. */
export function linesOf({ input: schema, lines }: AnyOperation, input: unknown): LedgerNoun | undefined {
  if (typeof lines !== 'function') return lines
  const parsed = schema.safeParse(input)
  return parsed.success ? lines(parsed.data) : undefined
}

/** One verb of an operator; button, palette, REST and audit are derived from it. */
export function defineOperation<Input extends z.ZodType>(operation: Operation<Input>): Operation<Input> {
  return operation
}

// biome-ignore lint/suspicious/noExplicitAny: a registry has operations of every input; each is checked where it is defined.
export type AnyOperation = Operation<any>

/** Which part of its target an act was about, from its recorded input; that of an older console may no longer parse. */
export function aboutOf(operation: AnyOperation, input: unknown): string | undefined {
  const parsed = operation.about && operation.input.safeParse(input)
  return parsed?.success ? operation.about?.(parsed.data) : undefined
}

export function riskOf(operation: AnyOperation, input: unknown): Risk {
  return typeof operation.risk === 'function' ? operation.risk(input) : operation.risk
}
