'use client'

import { PageError } from '../../_parts/page-error'

export default function OverviewError({ error, retry }: { error: Error & { digest?: string }; retry: () => void }) {
  return <PageError what="The overview" error={error} retry={retry} />
}
