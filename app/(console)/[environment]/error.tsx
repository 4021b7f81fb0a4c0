'use client'

import { PageError } from '@/app/(console)/_parts/page-error'

export default function EnvironmentError({ error, retry }: { error: Error & { digest?: string }; retry: () => void }) {
  return <PageError what="This page" error={error} retry={retry} />
}
