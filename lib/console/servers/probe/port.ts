import type { Part } from '../../platform/part/part.ts'

/** A right of the account on a watched server, and what the console cannot show without it. */
export interface Capability {
  name: string
  allowed: boolean
  /** What the console needs it for. */
  purpose: string
  /** Only when not allowed: what to grant. */
  remedy?: string
}

export interface TargetReport {
  /** Round trip in ms. */
  latencyMs: number
  version: string
  role?: string
  uptimeSeconds?: number
  /** Key figures, in the server's own terms. */
  facts: { label: string; value: string }[]
  warnings: string[]
  capabilities: Capability[]
}

export interface Target {
  name: string
  kind: 'redis' | 'postgres'
  /** Without credentials. */
  address: string
  report: Part<TargetReport>
}

export interface TargetProbe {
  /** Pings every watched server. No `latencyMs`: no answer in time. */
  ping(): Promise<(Pick<Target, 'name' | 'kind'> & { latencyMs?: number })[]>
  /** Every watched server with its health and the rights of the account. Cached for some seconds. */
  read(): Promise<Target[]>
  close(): Promise<void>
}
