import type { Which } from '@/app/(console)/_parts/dead-letters/which'
import { Button } from '@/components/ui/button'

/** The dead letters as a file, one a line. */
export function ExportLink({ environment, which }: { environment: string; which: Which }) {
  const kinds = which.by === 'kinds' ? which.fingerprints : []
  const query = new URLSearchParams(kinds.map(kind => ['kind', kind]))
  return (
    <Button asChild>
      <a href={`/api/v1/${environment}/dead-letters/export?${query}`} download>
        Export
      </a>
    </Button>
  )
}
