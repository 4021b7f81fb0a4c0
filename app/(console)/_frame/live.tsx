'use client'

import { type QueryClient, useQueryClient } from '@tanstack/react-query'
import { createContext, type ReactNode, useContext, useEffect, useMemo, useRef, useState } from 'react'
import type { Freshness } from '@/components/shell/shell-props'
import type { Topic } from '@/lib/console/platform/live/hub'
import { askAgain, isMadeOf } from './ask-again'

/** Without a sound from the stream for longer than two pings, it is taken for dead (ms). */
const SILENT_AFTER = 35_000
/** Beats change something every second; a view that is only about such is asked for this often at most (ms). */
const CALM = 2_000
/** What an operator waits for is asked for at once. */
const URGENT: readonly Topic[] = ['breakers', 'health', 'runs', 'audit', 'events']

interface Live {
  freshness: Freshness
  setPaused: (paused: boolean) => void
  paused: boolean
  /** The shell view says when the fleet's own feed is late. */
  noteFeed: (feed: { status: 'up' | 'stale' | 'down'; since?: number; reason?: string }) => void
}

const Context = createContext<Live | undefined>(undefined)

export function useLive(): Live {
  const live = useContext(Context)
  if (!live) throw new Error('LiveProvider is missing above this component')
  return live
}

/** One stream a visible tab: it says what changed, and the views on screen that are made of it are asked for again. */
export function LiveProvider({ environment, children }: { environment: string; children: ReactNode }) {
  const client = useQueryClient()
  const [connection, setConnection] = useState<{ up: boolean; since: number }>({ up: true, since: 0 })
  const [feed, setFeed] = useState<{ status: 'up' | 'stale' | 'down'; since?: number; reason?: string }>({
    status: 'up',
  })
  const [pausedSince, setPausedSince] = useState<number>()
  const paused = pausedSince !== undefined
  const lastId = useRef<string>('')

  useEffect(() => {
    if (paused) return
    return connect(environment, client, lastId, up =>
      setConnection(known => (known.up === up ? known : { up, since: Date.now() })),
    )
  }, [environment, client, paused])

  const live = useMemo<Live>(
    () => ({
      paused,
      setPaused(next) {
        setPausedSince(next ? Date.now() : undefined)
        if (!next) askAgain(client, { onceMore: true })
      },
      noteFeed: next => setFeed(known => (known.status === next.status && known.since === next.since ? known : next)),
      freshness:
        pausedSince !== undefined
          ? { state: 'paused', since: pausedSince }
          : !connection.up
            ? { state: 'disconnected', since: connection.since, reason: feed.status === 'up' ? undefined : feed.reason }
            : feed.status === 'up'
              ? { state: 'live' }
              : { state: 'stale', since: feed.since ?? connection.since, reason: feed.reason },
    }),
    [paused, pausedSince, connection, feed, client],
  )
  return <Context value={live}>{children}</Context>
}

/** Keeps a stream open while the tab is visible; returns how to end it. */
function connect(
  environment: string,
  client: QueryClient,
  lastId: { current: string },
  onChange: (up: boolean) => void,
): () => void {
  let source: EventSource | undefined
  let watchdog: ReturnType<typeof setTimeout> | undefined
  let retry: ReturnType<typeof setTimeout> | undefined
  const refetch = refetcher(client)

  const alive = () => {
    clearTimeout(watchdog)
    watchdog = setTimeout(reopen, SILENT_AFTER)
  }

  function open() {
    close()
    const after = lastId.current === '' ? '' : `&after=${lastId.current}`
    source = new EventSource(`/api/live?environment=${encodeURIComponent(environment)}${after}`)
    source.addEventListener('hello', event => {
      lastId.current = event.lastEventId
      onChange(true)
      alive()
    })
    source.addEventListener('changed', event => {
      lastId.current = event.lastEventId
      alive()
      const { topics } = JSON.parse(event.data) as { topics: Topic[] }
      refetch(topics)
    })
    source.addEventListener('refetch', () => askAgain(client, { onceMore: true }))
    source.addEventListener('signed-out', () => window.location.reload())
    source.addEventListener('error', () => {
      onChange(false)
      clearTimeout(watchdog)
      // The browser tries again on its own unless it was refused; then we do.
      if (source?.readyState === EventSource.CLOSED) {
        // A stream is refused without a word; a view that is, says why.
        askAgain(client, { meant: ({ queryKey }) => queryKey[2] === 'shell', onceMore: false })
        clearTimeout(retry)
        retry = setTimeout(open, 2_000)
      }
    })
    alive()
  }

  function close() {
    source?.close()
    source = undefined
    clearTimeout(watchdog)
    clearTimeout(retry)
  }

  function reopen() {
    onChange(false)
    open()
  }

  const onVisibility = () => {
    if (document.hidden) return close()
    // A hidden tab receives nothing: what changed in that time is asked for once.
    askAgain(client, { onceMore: true })
    open()
  }
  if (!document.hidden) open()
  document.addEventListener('visibilitychange', onVisibility)
  return () => {
    document.removeEventListener('visibilitychange', onVisibility)
    close()
  }
}

/** Asks again for the views on screen that are made of these topics: at once for what is urgent, calmly for beats. */
function refetcher(client: QueryClient): (topics: Topic[]) => void {
  const waiting = new Set<Topic>()
  let calm: ReturnType<typeof setTimeout> | undefined
  const flush = () => {
    calm = undefined
    const topics = [...waiting]
    waiting.clear()
    askAgain(client, {
      meant: ({ state }) => isMadeOf(state.data, topics),
      // After a beat there is another in two seconds.
      onceMore: topics.some(topic => URGENT.includes(topic)),
    })
  }
  return topics => {
    for (const topic of topics) waiting.add(topic)
    if (topics.some(topic => URGENT.includes(topic))) {
      clearTimeout(calm)
      calm = setTimeout(flush, 50)
    } else calm ??= setTimeout(flush, CALM)
  }
}
