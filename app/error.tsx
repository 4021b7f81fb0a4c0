'use client'

import { PageError } from './(console)/_parts/page-error'

/** For what fails around the pages: the frame, the front page, the pages of signing in. */
export default function AppError({ error, retry }: { error: Error & { digest?: string }; retry: () => void }) {
  return (
    <main className="p-4">
      <PageError what="The console" error={error} retry={retry} />
    </main>
  )
}
