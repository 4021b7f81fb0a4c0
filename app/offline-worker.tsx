'use client'

import { useEffect } from 'react'

/** Registers the worker that shows public/offline.html when the console cannot be reached. In development it would hide a stopped server. */
export function OfflineWorker() {
  useEffect(() => {
    if (process.env.NODE_ENV !== 'production') return
    // Without it pages work as before: a browser that forbids workers shows its own error page.
    navigator.serviceWorker?.register('/offline-worker.js').catch(() => {})
  }, [])
  return null
}
