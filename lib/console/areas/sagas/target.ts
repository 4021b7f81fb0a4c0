import { z } from 'zod'
import { type HeldKind, type Holder, holdersOf } from '../../fleet/holders.ts'
import type { ConsoleEnvironment } from '../../platform/environment/port.ts'
import { Name } from '../../platform/operation/input.ts'
import { SagaItem } from './saga-item.ts'

const SAGAS: HeldKind<SagaItem> = { domain: 'sagas', schema: SagaItem, noun: 'saga', field: 'saga' }

/** `process`: of sagas that are not in Postgres, the one that has it. */
export const SagaTarget = { service: Name, saga: Name, id: Name, process: z.string().length(26).optional() }
export type SagaTarget = z.infer<z.ZodObject<typeof SagaTarget>>

export const targetOf = ({ service, saga, id }: SagaTarget) => ({ kind: 'saga', name: `${service} / ${saga} ${id}` })

/** The process that is asked: one of those that share it, or the one that has it. Refuses when no living process has the saga. */
export async function sagaHolders(
  environment: ConsoleEnvironment,
  { service, saga, process }: Omit<SagaTarget, 'id'>,
): Promise<{ meant: Holder<SagaItem>[]; all: Holder<SagaItem>[]; shared: boolean }> {
  const all = await holdersOf(environment, SAGAS, saga, { kind: 'service', service })
  const shared = all.every(({ item }) => item.shared)
  if (!shared) {
    const own = all.filter(holder => process === undefined || holder.process.id === process)
    return { meant: own, all, shared }
  }
  const able = all.filter(({ process: { identity } }) => identity?.verbs.includes('saga.find'))
  return { meant: (able.length > 0 ? able : all).slice(0, 1), all, shared }
}
