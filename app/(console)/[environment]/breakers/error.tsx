'use client'

import { PageError } from '@/app/(console)/_parts/page-error'

export default function BreakersError({ error, retry }: { error: Error & { digest?: string }; retry: () => void }) {
  return <PageError what="Breakers" error={error} retry={retry} />
}
