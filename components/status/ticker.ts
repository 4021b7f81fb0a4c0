'use client'

import { useSyncExternalStore } from 'react'

/** Every clock on the page hangs on this one timer; it stops while nothing listens or the page is hidden. */
const listeners = new Set<() => void>()
let timer: ReturnType<typeof setInterval> | undefined
let skewMs = 0

function tick() {
  for (const listener of listeners) listener()
}

function follow() {
  const wanted = listeners.size > 0 && !document.hidden
  if (wanted && timer === undefined) {
    timer = setInterval(tick, 1_000)
    tick()
  } else if (!wanted && timer !== undefined) {
    clearInterval(timer)
    timer = undefined
  }
}

function subscribe(listener: () => void) {
  if (listeners.size === 0) document.addEventListener('visibilitychange', follow)
  listeners.add(listener)
  follow()
  return () => {
    listeners.delete(listener)
    if (listeners.size === 0) document.removeEventListener('visibilitychange', follow)
    follow()
  }
}

/** Ages are computed with the console's clock: a laptop that is off by more than two seconds is corrected. */
export function alignClock(serverNow: number) {
  const skew = serverNow - Date.now()
  skewMs = Math.abs(skew) > 2_000 ? skew : 0
  tick()
}

export function consoleNow() {
  return Date.now() + skewMs
}

/**
 * The time now in ms, in steps of `stepMs`, so that a component renders only when its words may change. Undefined on the server
 * and while hydrating, when the two sides could not agree.
 */
export function useNow(stepMs = 1_000): number | undefined {
  return useSyncExternalStore<number | undefined>(
    subscribe,
    () => Math.floor(consoleNow() / stepMs) * stepMs,
    () => undefined,
  )
}
