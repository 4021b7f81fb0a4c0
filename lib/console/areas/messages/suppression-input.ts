import { z } from 'zod'
import { Name, Reason, sensitive } from '../../platform/operation/input.ts'
import { source } from './acts.ts'
import { CHANNELS } from './choices.ts'
import { maskedAddress } from './mask.ts'

const input = z.strictObject({
  database: Name,
  channel: z.enum(CHANNELS),
  // Whose it is stays out of the audit, where it stands masked.
  address: sensitive(z.string().trim().min(1).max(320)),
  reason: Reason,
})
type Input = z.output<typeof input>

/** What acts on one suppressed address have in common. */
export const suppressionAct = {
  permission: 'message:suppress',
  targetKind: 'suppressed address',
  input,
  risk: 'one',
  reason: 'required',
  target: ({ channel, address }: Input) => ({
    kind: 'suppressed address',
    name: `${channel} ${maskedAddress(address)}`,
  }),
  about: ({ database }: Input) => database,
  source,
} as const

export const oneAddress = () => ({ count: 1, precision: 'exact' as const, noun: 'address', sample: [] })
