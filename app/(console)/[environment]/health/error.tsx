'use client'

import { PageError } from '../../_parts/page-error'

export default function HealthError({ error, retry }: { error: Error & { digest?: string }; retry: () => void }) {
  return <PageError what="Health" error={error} retry={retry} />
}
