'use client'

import { runbookAddress } from './runbook-address'
import { useRunbookBase } from './runbook-base'

interface OwnerAndRunbookProps {
  owner?: string
  runbook?: string
}

/** Whom to call, and what to read first. A runbook that is no address is shown as it was registered. */
export function OwnerAndRunbook({ owner, runbook }: OwnerAndRunbookProps) {
  return (
    <>
      {owner ? (
        <span className="min-w-0 break-words">
          Owner <span className="text-muted">{owner}</span>
        </span>
      ) : null}
      {runbook ? (
        <span className="min-w-0 break-words">
          Runbook <RunbookLink runbook={runbook} />
        </span>
      ) : null}
    </>
  )
}

export function RunbookLink({ runbook }: { runbook: string }) {
  const address = runbookAddress(runbook, useRunbookBase())
  if (!address) return <code className="break-all text-muted">{runbook}</code>
  return (
    <a
      href={address}
      target="_blank"
      rel="noreferrer"
      className="relative z-1 break-all text-accent underline underline-offset-2"
    >
      {runbook.replace(/^https?:\/\//i, '')}
    </a>
  )
}
