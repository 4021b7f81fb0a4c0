'use client'

import './globals.css'
import { PageError } from './(console)/_parts/page-error'

/** When even the outermost layout fails: a document of its own. */
export default function GlobalError({ error, retry }: { error: Error & { digest?: string }; retry: () => void }) {
  return (
    <html lang="en">
      <body>
        <title>Substation</title>
        <main className="p-4">
          <PageError what="The console" error={error} retry={retry} />
        </main>
      </body>
    </html>
  )
}
