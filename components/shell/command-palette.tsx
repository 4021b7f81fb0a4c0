'use client'

import { CornerDownLeft } from 'lucide-react'
import { useEffect, useState } from 'react'
import { keyOf, rankPalette } from '@/components/shell/rank-palette'
import { openedLately, rememberOpened } from '@/components/shell/recently-opened'
import type { PaletteGroup, PaletteItem, PaletteSource } from '@/components/shell/shell-props'
import { StatusMark } from '@/components/status/status-mark'
import { Command, CommandEmpty, CommandGroup, CommandInput, CommandItem, CommandList } from '@/components/ui/command'
import { Dialog, DialogContent, DialogDescription, DialogTitle } from '@/components/ui/dialog'
import { Kbd } from '@/components/ui/kbd'

interface CommandPaletteProps extends PaletteSource {
  open: boolean
  onOpenChange: (open: boolean) => void
  onGo: (href: string) => void
}

/** Everything one can go to or do, by typing a few letters of it. An act chosen here lands on its preview, it does not run. */
export function CommandPalette({ open, onOpenChange, groups, search, onOperation, onGo }: CommandPaletteProps) {
  const [query, setQuery] = useState('')
  const found = useFound(query, search)
  const [recent] = useState(openedLately)
  const ranked = rankPalette([...groups, ...found.groups], query, recent)

  function setOpen(next: boolean) {
    if (!next) setQuery('')
    onOpenChange(next)
  }

  function choose(item: PaletteItem) {
    setOpen(false)
    rememberOpened(keyOf(item))
    if (item.href === undefined) onOperation(item.id)
    else onGo(item.href)
  }

  return (
    <Dialog open={open} onOpenChange={setOpen}>
      <DialogContent className="max-wide:top-2">
        <DialogTitle className="sr-only">Search or act</DialogTitle>
        <DialogDescription className="sr-only">
          Type to find a page, a service, a breaker or an operation
        </DialogDescription>
        {/* What matches, and in which order, is ours to say: things before operations that match no better. */}
        <Command loop shouldFilter={false} label="Search or act">
          <CommandInput value={query} onValueChange={setQuery} placeholder="Search or act" maxLength={200} />
          <CommandList>
            <CommandEmpty>{found.searching ? 'Searching' : 'Nothing matches'}</CommandEmpty>
            {ranked.map(group => (
              <PaletteSection key={group.id} group={group} onChoose={choose} />
            ))}
            {found.failed ? (
              <p className="px-2.5 py-2 text-sm text-bad">
                The search did not answer. What is listed is what was known before.
              </p>
            ) : null}
          </CommandList>
          <p aria-hidden className="flex gap-4 border-t border-line px-4 py-2 text-sm text-faint max-wide:hidden">
            <span className="flex items-center gap-1.5">
              <Kbd>↑</Kbd>
              <Kbd>↓</Kbd> move
            </span>
            <span className="flex items-center gap-1.5">
              <Kbd>
                <CornerDownLeft className="size-2.5" />
              </Kbd>{' '}
              open; acts land on their preview
            </span>
          </p>
        </Command>
      </DialogContent>
    </Dialog>
  )
}

function PaletteSection({ group, onChoose }: { group: PaletteGroup; onChoose: (item: PaletteItem) => void }) {
  if (group.items.length === 0) return null
  return (
    <CommandGroup heading={group.label}>
      {group.items.map(item => (
        <CommandItem
          key={item.id}
          value={`${group.id} ${item.id}`}
          disabled={item.denied !== undefined}
          onSelect={() => onChoose(item)}
        >
          <span className="flex size-4 shrink-0 items-center justify-center text-muted [&_svg]:size-3.5">
            {item.icon}
          </span>
          <span className="min-w-0 truncate" title={item.label}>
            {item.label}
          </span>
          <span className="ml-auto flex max-w-[45%] shrink-0 items-center gap-2 pl-2 text-sm text-muted">
            <span className="truncate">{item.denied ?? item.detail}</span>
            {item.status && item.status !== 'good' ? <StatusMark status={item.status} label={item.status} /> : null}
          </span>
        </CommandItem>
      ))}
    </CommandGroup>
  )
}

interface Found {
  query: string
  groups: readonly PaletteGroup[]
  failed: boolean
}

const nothing: Found = { query: '', groups: [], failed: false }

/** Asks 150 ms after the last key, and drops answers to questions no longer asked. */
function useFound(query: string, search: PaletteSource['search']) {
  const [found, setFound] = useState<Found>(nothing)
  const wanted = query.trim()

  useEffect(() => {
    if (!search || wanted.length < 2) return
    const abort = new AbortController()
    const timer = setTimeout(() => {
      search(wanted, abort.signal).then(
        groups => setFound({ query: wanted, groups, failed: false }),
        () => {
          if (!abort.signal.aborted) setFound({ query: wanted, groups: [], failed: true })
        },
      )
    }, 150)
    return () => {
      clearTimeout(timer)
      abort.abort()
    }
  }, [wanted, search])

  const asked = search !== undefined && wanted.length >= 2
  return asked ? { ...found, searching: found.query !== wanted } : { ...nothing, searching: false }
}
