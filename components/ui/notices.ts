'use client'

/** Something to say in a toast. */
export interface Notice {
  kind: 'done' | 'failed'
  title: string
  description?: string
  action?: { label: string; run: () => void }
  /** How long it stays, ms; a pointer or focus on it holds it. */
  forMs: number
}

type Speaker = (notice: Notice) => void

/** Said before there was anyone to say it: the toasts' code is loaded with the first of them. */
const waiting: Notice[] = []
let speaker: Speaker | undefined
let onFirst: (() => void) | undefined

export function announce(notice: Notice) {
  if (speaker) return speaker(notice)
  waiting.push(notice)
  onFirst?.()
}

/** Calls back when the first notice waits, at once if one already does. */
export function whenNoticed(callback: () => void): () => void {
  onFirst = callback
  if (waiting.length > 0) callback()
  return () => {
    onFirst = undefined
  }
}

export function speakThrough(next: Speaker): () => void {
  speaker = next
  for (const notice of waiting.splice(0)) next(notice)
  return () => {
    speaker = undefined
  }
}
