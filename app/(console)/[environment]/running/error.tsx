'use client'

import { PageError } from '@/app/(console)/_parts/page-error'

export default function RunningError({ error, retry }: { error: Error & { digest?: string }; retry: () => void }) {
  return <PageError what="What is running" error={error} retry={retry} />
}
