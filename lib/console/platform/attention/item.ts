export type Severity = 'bad' | 'warning' | 'unknown'

/** Something that wants a person, with the likely act. `href` is below the environment. */
export interface AttentionItem {
  id: string
  severity: Severity
  domain: 'breakers' | 'services' | 'health' | 'console' | 'targets' | 'caches' | 'queues' | 'migrations'
  subject: string
  text: string
  detail: string
  since?: number
  href: string
  act: string
  runbook?: string
  owner?: string
  /** It mends itself if the dependency does: half-open, probe under way. */
  recovering?: boolean
  weight: number
}
