import { z } from 'zod'
import { sensitive } from '../../platform/operation/input.ts'
import { maskedAddress } from './mask.ts'

/** Whose address it is stays out of the audit, where it stands masked. */
export const addressFields = { address: sensitive(z.string().trim().min(1).max(320)) }

export const addressTarget = ({ channel, address }: { channel: string; address: string }) => ({
  kind: 'suppressed address',
  name: `${channel} ${maskedAddress(address)}`,
})

export const oneAddress = () => ({ count: 1, precision: 'exact' as const, noun: 'address', sample: [] })
