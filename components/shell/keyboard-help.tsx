'use client'

import type { NavItem } from '@/components/shell/shell-props'
import { Dialog, DialogContent } from '@/components/ui/dialog'
import { DialogHeader } from '@/components/ui/dialog-header'
import { DialogBody } from '@/components/ui/dialog-layout'
import { Kbd } from '@/components/ui/kbd'

interface KeyboardHelpProps {
  open: boolean
  onOpenChange: (open: boolean) => void
  items: readonly NavItem[]
}

const everywhere: readonly [string, readonly string[]][] = [
  ['Search or act', ['/']],
  ['Search or act, also while typing', ['Ctrl', 'K']],
  ['This help', ['?']],
  ['Back out, close', ['Esc']],
]

const lists: readonly [string, readonly string[]][] = [
  ['Next row', ['j']],
  ['Previous row', ['k']],
  ['Open the row', ['Enter']],
  ['Mark the row', ['x']],
]

export function KeyboardHelp({ open, onOpenChange, items }: KeyboardHelpProps) {
  const going = items.flatMap(item => (item.shortcut ? [[item.label, ['g', item.shortcut]] as const] : []))
  return (
    <Dialog open={open} onOpenChange={onOpenChange}>
      <DialogContent aria-describedby={undefined} size="lg">
        <DialogHeader title="Keyboard" />
        {/* Nothing in it takes the focus, and on a phone it scrolls: it must be reachable itself. */}
        <DialogBody tabIndex={0} role="group" aria-label="Keys" className="grid gap-x-8 gap-y-5 wide:grid-cols-2">
          <div className="grid content-start gap-5">
            <Keys title="Everywhere" keys={everywhere} />
            <Keys title="In a list" keys={lists} />
          </div>
          <Keys title="Go to" keys={going} />
        </DialogBody>
      </DialogContent>
    </Dialog>
  )
}

function Keys({ title, keys }: { title: string; keys: readonly (readonly [string, readonly string[]])[] }) {
  return (
    <section className="grid content-start gap-1">
      <h3 className="text-sm font-semibold text-faint">{title}</h3>
      <dl className="grid">
        {keys.map(([what, presses]) => (
          <div
            key={what}
            className="flex h-7 items-center justify-between gap-3 border-b border-line text-md last:border-0"
          >
            <dt className="truncate">{what}</dt>
            <dd className="flex gap-1">
              {presses.map(press => (
                <Kbd key={press}>{press}</Kbd>
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  )
}
