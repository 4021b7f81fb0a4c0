'use client'

import { PageError } from '@/app/(console)/_parts/page-error'

export default function AuditError({ error, retry }: { error: Error & { digest?: string }; retry: () => void }) {
  return <PageError what="The audit" error={error} retry={retry} />
}
