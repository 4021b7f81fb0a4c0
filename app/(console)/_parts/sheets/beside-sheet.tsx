import type { ReactNode } from 'react'

/** What a side sheet is beside: on a wide screen it makes room, so that the list stays whole and in reach. */
export function BesideSheet({ open, children }: { open: boolean; children: ReactNode }) {
  return <div className={open ? 'desk:mr-[calc(min(560px,46vw)-4px)]' : undefined}>{children}</div>
}
