'use client'

import { PageError } from '../../_parts/page-error'

export default function ServicesError({ error, retry }: { error: Error & { digest?: string }; retry: () => void }) {
  return <PageError what="Services" error={error} retry={retry} />
}
