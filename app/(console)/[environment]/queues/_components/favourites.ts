'use client'

import { useSyncExternalStore } from 'react'

/** What is starred on this device: by environment, pairs of a server and a queue. */
const KEY = 'substation:favourite-queues'
/** The most that the list is asked for, and characters of that question. */
const MOST = 50
const LONGEST = 6_000

type Pair = readonly [server: string, queue: string]
interface Place {
  server: string
  key: string
}

const listeners = new Set<() => void>()

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  // Another tab has starred one.
  window.addEventListener('storage', listener)
  return () => {
    listeners.delete(listener)
    window.removeEventListener('storage', listener)
  }
}

function stored(): string {
  try {
    return localStorage.getItem(KEY) ?? ''
  } catch {
    // A browser that keeps nothing has no favourites.
    return ''
  }
}

function pairsIn(text: string, environment: string): Pair[] {
  try {
    const pairs: unknown = JSON.parse(text)[environment]
    return Array.isArray(pairs)
      ? pairs.filter(pair => Array.isArray(pair) && typeof pair[0] === 'string' && typeof pair[1] === 'string')
      : []
  } catch {
    return []
  }
}

const isPair =
  ({ server, key }: Place) =>
  (pair: Pair) =>
    pair[0] === server && pair[1] === key

/** What the list of queues is asked for, so that favourites come first. */
export function useFavouritesFirst(environment: string): Record<string, string> {
  const pairs = pairsIn(
    useSyncExternalStore(subscribe, stored, () => ''),
    environment,
  ).slice(0, MOST)
  while (pairs.length > 0 && JSON.stringify(pairs).length > LONGEST) pairs.pop()
  return pairs.length === 0 ? {} : { first: JSON.stringify(pairs) }
}

/** Whether a queue is a favourite, and how to make it one or no longer. */
export function useFavourite(environment: string, place: Place): { isFavourite: boolean; toggle: () => void } {
  const isFavourite = useSyncExternalStore(
    subscribe,
    () => pairsIn(stored(), environment).some(isPair(place)),
    () => false,
  )
  return { isFavourite, toggle: () => toggle(environment, place) }
}

function toggle(environment: string, place: Place): void {
  const text = stored()
  const pairs = pairsIn(text, environment)
  const without = pairs.filter(pair => !isPair(place)(pair))
  const next: Pair[] = without.length < pairs.length ? without : [[place.server, place.key], ...pairs]
  try {
    localStorage.setItem(KEY, JSON.stringify({ ...all(text), [environment]: next }))
  } catch {
    return
  }
  for (const listener of listeners) listener()
}

function all(text: string): object {
  try {
    const kept: unknown = JSON.parse(text)
    return typeof kept === 'object' && kept !== null ? kept : {}
  } catch {
    return {}
  }
}
