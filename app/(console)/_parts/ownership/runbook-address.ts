/**
 * Where a runbook opens: itself where it is an address of the web; below the configured base where it is a path. Anything else
 * (another scheme, a path without a base) is undefined: what a process registers is data, and no link is made of it.
 */
export function runbookAddress(runbook: string, base: string | undefined): string | undefined {
  if (/^https?:\/\//i.test(runbook)) return runbook
  if (base === undefined || /^[a-z][a-z0-9+.-]*:/i.test(runbook) || /^[\\/]{2}/.test(runbook)) return undefined
  const folder = base.endsWith('/') ? base : `${base}/`
  const path = runbook.replace(/^\.?\//, '')
  if (!URL.canParse(path, folder)) return undefined
  const address = new URL(path, folder)
  return address.href.startsWith(new URL(folder).href) ? address.href : undefined
}
