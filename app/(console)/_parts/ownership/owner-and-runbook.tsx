interface OwnerAndRunbookProps {
  owner?: string
  runbook?: string
}

/** Who to wake, and what to read first. A runbook that is not an address on the web is shown as it was registered. */
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
  // What a process registers is data: only an address of the web becomes a link.
  if (!/^https?:\/\//i.test(runbook)) return <code className="break-all text-muted">{runbook}</code>
  return (
    <a
      href={runbook}
      target="_blank"
      rel="noreferrer"
      className="relative z-1 break-all text-accent underline underline-offset-2"
    >
      {runbook.replace(/^https?:\/\//i, '')}
    </a>
  )
}
